type KubeconfigInput = {
  readonly address: string
  readonly certificate: string
  readonly token: string
  readonly namespace?: string
}

/** What a client needs to know of this server, as the JSON that is YAML too. */

export function kubeconfig({
  address,
  certificate,
  token,
  namespace = 'production',
}: KubeconfigInput): string {
  const cluster = {
    server: address,
    'certificate-authority-data': Buffer.from(certificate).toString('base64'),
  }
  return JSON.stringify({
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': 'simulated',
    contexts: [{ name: 'simulated', context: { cluster: 'simulated', user: 'simulated', namespace } }],
    clusters: [{ name: 'simulated', cluster }],
    users: [{ name: 'simulated', user: { token } }],
  })
}
