/** pagePolicy is the content security policy of a page; development relaxes it for hot reloading only. */
export function pagePolicy(nonce: string, isDevelopment: boolean): string {
  const script = isDevelopment ? " 'unsafe-eval'" : ''
  const style = isDevelopment ? "'unsafe-inline'" : `'nonce-${nonce}'`
  return [
    "default-src 'none'",
    `script-src 'self' 'nonce-${nonce}' 'strict-dynamic'${script}`,
    `style-src 'self' ${style}`,
    "img-src 'self' data:",
    "font-src 'self'",
    `connect-src 'self'${isDevelopment ? ' ws: wss:' : ''}`,
    "manifest-src 'self'",
    "worker-src 'self'",
    "form-action 'self'",
    "frame-ancestors 'none'",
    "base-uri 'none'",
    "object-src 'none'",
  ].join('; ')
}

/** API_POLICY is the content security policy of everything that is not a page. */
export const API_POLICY = "default-src 'none'; frame-ancestors 'none'"

/** commonHeaders go with every answer; HSTS only when the console is served over https. */
export function commonHeaders(isHttps: boolean): Readonly<Record<string, string>> {
  return {
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-resource-policy': 'same-origin',
    'permissions-policy':
      'accelerometer=(), camera=(), display-capture=(), geolocation=(), gyroscope=(), microphone=(), midi=(), payment=(), usb=()',
    ...(isHttps ? { 'strict-transport-security': 'max-age=31536000; includeSubDomains' } : {}),
  }
}

/** What a client could use to pose as the proxy, as another host or as a trusted script. */
const FORGED = [
  'content-security-policy',
  'content-security-policy-report-only',
  'x-nonce',
  'x-watchfloor-path',
  'x-middleware-subrequest',
  'x-forwarded-host',
  'upgrade',
] as const

/** cleanHeaders copies a request's headers without what only the console itself may set; `next-action` never goes with a GET. */
export function cleanHeaders(headers: Headers, method: string): Headers {
  const clean = new Headers(headers)
  for (const name of FORGED) clean.delete(name)
  if (method === 'GET' || method === 'HEAD') clean.delete('next-action')
  return clean
}
