import type { MessageJob } from "../journeys/message.ts";
import type { Task } from "../task.ts";

/** Has a message of a journey leave; when it is tried again is written beside it, not in the queue. */
const sendMessage: Task<MessageJob> = ({ message }, { courier }) => courier.deliver(message);

export default sendMessage;
