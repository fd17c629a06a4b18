export default {
  type: "content-api",
  routes: [
    {
      method: "GET",
      path: "/released-content",
      handler: "api::released-content.released-content.find",
    },
    {
      method: "PUT",
      path: "/released-content",
      handler: "api::released-content.released-content.update",
    },
    {
      method: "POST",
      path: "/released-content/unpublish",
      handler: "api::released-content.released-content.unpublish",
    },
  ],
};
