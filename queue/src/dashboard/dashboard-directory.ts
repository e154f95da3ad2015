/**
 * The folder of the built page, to be served as it is below `SERVICE_PATHS.dashboard`: index.html
 * and what it loads. It holds nothing secret; what the page shows needs a session.
 */
export const DASHBOARD_DIRECTORY: URL = new URL('./served/', import.meta.url);
