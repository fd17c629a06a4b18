export default {
  type: "content-api",
  routes: [
    {
      method: "GET",
      path: "/scheduled-content",
      handler: "api::scheduled-content.scheduled-content.find",
    },
    {
      method: "POST",
      path: "/scheduled-content",
      handler: "api::scheduled-content.scheduled-content.carryOut",
    },
  ],
};
