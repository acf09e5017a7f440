// Swagger UI over the API and over the control API.

SwaggerUIBundle({
  dom_id: "#swagger-ui",
  urls: [
    { name: "TMF671 Promotion Management", url: "/openapi.json" },
    { name: "Control API of the mock", url: "/_mock/openapi.json" },
  ],
  deepLinking: true,
  validatorUrl: null,
  presets: [SwaggerUIBundle.presets.apis, SwaggerUIStandalonePreset],
  layout: "StandaloneLayout",
});
