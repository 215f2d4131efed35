// Shows the description of the API in the page around it. What is tried takes the session's cookie along, like any call from here.
window.onload = () => {
  window.ui = SwaggerUIBundle({
    url: "/docs/api/openapi.json",
    dom_id: "#swagger-ui",
    deepLinking: true,
    docExpansion: "none",
    filter: true,
    tagsSorter: "alpha",
    validatorUrl: null,
  });
};
