import { createHash } from 'node:crypto'

/** Canary is a secret planted in a text; `needle` is the part that must turn up nowhere. */
export type Canary = { readonly at: number; readonly text: string; readonly needle: string }

/** SHAPES write a secret as such things really turn up; `hex` are 64 digits of it. */
const SHAPES: readonly ((hex: string) => { readonly text: string; readonly needle: string })[] = [
  (hex) => ({ text: `VAST_API_KEY=${hex}`, needle: hex }),
  (hex) => ({ text: `Authorization: Bearer ${hex.slice(0, 40)}`, needle: hex.slice(0, 40) }),
  (hex) => ({ text: `xoxb-2048-${hex.slice(0, 24)}`, needle: hex.slice(0, 24) }),
  (hex) => ({ text: `AWS_SECRET_ACCESS_KEY=${hex.slice(0, 40)}`, needle: hex.slice(0, 40) }),
  (hex) => {
    const id = hex.toUpperCase().slice(0, 16)
    return { text: `key id AKIA${id} refused`, needle: id }
  },
  (hex) => ({
    text: `-----BEGIN RSA PRIVATE KEY-----\nMIIE${hex}\n-----END RSA PRIVATE KEY-----`,
    needle: hex,
  }),
  (hex) => ({
    text: `postgres://app:${hex.slice(0, 20)}@db.internal:5432/app`,
    needle: hex.slice(0, 20),
  }),
  (hex) => ({ text: `{"api_key":"${hex.slice(0, 32)}"}`, needle: hex.slice(0, 32) }),
  (hex) => ({ text: `password: ${hex.slice(0, 18)}`, needle: hex.slice(0, 18) }),
  (hex) => ({ text: `ghp_${hex.slice(0, 36)}`, needle: hex.slice(0, 36) }),
  (hex) => ({
    text: `eyJhbGciOiJIUzI1NiJ9.${hex.slice(0, 30)}.${hex.slice(30, 60)}`,
    needle: hex.slice(30, 60),
  }),
  (hex) => ({ text: `worker --token ${hex.slice(0, 30)} --queue gpu`, needle: hex.slice(0, 30) }),
  (hex) => ({
    text: `https://hooks.slack.com/services/T01/B02/${hex.slice(0, 24)}`,
    needle: hex.slice(0, 24),
  }),
  (hex) => ({ text: `GET /v0/instances?api_key=${hex.slice(0, 32)}&owner=me`, needle: hex.slice(0, 32) }),
  (hex) => ({ text: `hf_${hex.slice(0, 34)}`, needle: hex.slice(0, 34) }),
]

/** canaries are so many different secrets in all shapes, the same at each run. */
export function canaries(count: number): readonly Canary[] {
  return Array.from({ length: count }, (_, at) => {
    const hex = createHash('sha256').update(`canary ${at}`).digest('hex')
    const shape = SHAPES[at % SHAPES.length]
    if (shape === undefined) throw new Error('there is no shape')
    return { at, ...shape(hex) }
  })
}

/** foundIn gives the canaries whose secret stands in a text, also in base64. */
export function foundIn(text: string, planted: readonly Canary[]): readonly Canary[] {
  return planted.filter(
    ({ needle }) =>
      text.includes(needle) || text.includes(Buffer.from(needle).toString('base64').slice(0, -4)),
  )
}
