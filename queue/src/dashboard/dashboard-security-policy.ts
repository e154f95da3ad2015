/**
 * The Content-Security-Policy of the dashboard: everything comes from this service, no script or
 * style stands in a document, and no text can become markup or script (Trusted Types; not one
 * policy may be made). https://www.w3.org/TR/CSP3/, https://www.w3.org/TR/trusted-types/
 */
export const DASHBOARD_SECURITY_POLICY: string = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
  "trusted-types 'none'",
].join('; ');
