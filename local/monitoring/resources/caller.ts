/** Who changes things: the emulator lets everybody in and asks nobody's name. */
export const CALLER = "user@example.com";
