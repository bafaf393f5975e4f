// Addresses with an id or a query filled in. The server writes them with 0 for the id.
export const withId = (url, id) => url.replace(/\/0\//, `/${id}/`);
export const withQuery = (url, query) => `${url}${url.includes("?") ? "&" : "?"}${new URLSearchParams(query)}`;
