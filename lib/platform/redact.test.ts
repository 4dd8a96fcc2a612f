import { describe, expect, it } from 'vitest'
import { redact, redactText, rememberSecret } from './redact'

const SECRET = 'Zx81kQpL0aVw93RtYu'

describe('a text', () => {
  it.each([
    ['an environment', `VAST_API_KEY=${SECRET}`],
    ['an environment in upper case', `export POSTGRES_PASSWORD=${SECRET}`],
    ['a key of our own kind', `WATCHFLOOR_KEY=${SECRET}`],
    ['a quoted value with blanks', `password = "${SECRET} two words"`],
    ['JSON', `{"api_key":"${SECRET}"}`],
    ['JSON within JSON', `{\\"token\\":\\"${SECRET}\\"}`],
    ['YAML', `client-secret: ${SECRET}`],
    ['a header', `x-api-key: ${SECRET}`],
    ['a bearer token', `Authorization: Bearer ${SECRET}`],
    ['basic credentials', `authorization: Basic ${SECRET}=`],
    ['a flag', `worker --token ${SECRET} --verbose`],
    ['a flag with =', `worker --password=${SECRET}`],
    ['a query', `GET /v1?token=${SECRET}&page=2`],
    ['an address', `postgres://app:${SECRET}@db:5432/app`],
    ['an address without a user', `redis://:${SECRET}@cache:6379`],
    ['a Slack hook', `https://hooks.slack.com/services/T00/B00/${SECRET}`],
    ['a Slack token', `xoxb-12345-${SECRET}`],
    ['a GitHub token', `ghp_${SECRET}${SECRET}`],
    ['a model hub token', `hf_${SECRET}${SECRET}`],
    ['a private key', `-----BEGIN RSA PRIVATE KEY-----\n${SECRET}\n-----END RSA PRIVATE KEY-----`],
    ['a private key that is cut off', `-----BEGIN OPENSSH PRIVATE KEY-----\n${SECRET}`],
    ['a pod’s environment', `- name: VAST_API_KEY\n  value: ${SECRET}`],
    ['a pod’s environment in JSON', `{"name":"VAST_API_KEY","value":"${SECRET}"}`],
  ])('holds no secret of %s', (_what, text) => {
    expect(redactText(text)).not.toContain(SECRET)
    expect(redactText(redactText(text))).toBe(redactText(text))
  })

  it.each([
    'prompt_tokens=812 max_tokens: 4096',
    'image ghcr.io/x/y@sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08',
    'secret vastai-secrets has the key api-key',
    'https://status.vast.ai/incidents/1',
    'The API key is revoked: 401 on 12 calls',
    'ERROR worker failed to connect to temporal.example.com:7233: deadline exceeded',
  ])('keeps what is none: %s', (text) => {
    expect(redactText(text)).toBe(text)
  })

  it('holds no secret that was told, nor its base64 and address forms', () => {
    const told = 'told secret/with+signs'
    rememberSecret(told)
    for (const form of [told, Buffer.from(told).toString('base64'), encodeURIComponent(told)])
      expect(redactText(`said ${form} here`)).toBe('said [redacted] here')
  })

  it('costs no more than its length, whatever it is made of', () => {
    for (const part of [
      'a',
      'a.',
      'x-',
      'token',
      'key=',
      '"',
      'a://',
      '-----BEGIN PRIVATE KEY-----',
      'name: KEY ',
    ])
      expect(redactText(part.repeat(Math.ceil(200_000 / part.length))).length).toBeGreaterThan(0)
  })
})

describe('a value', () => {
  it('is masked where its name says that it is a secret, and as a named variable', () => {
    const value = {
      env: [
        { name: 'VAST_API_KEY', value: SECRET },
        { name: 'RATE_LIMIT_MODE', value: 'queue' },
      ],
      token: SECRET,
      hasSecret: true,
    }
    expect(redact(value)).toEqual({
      env: [
        { name: 'VAST_API_KEY', value: '[redacted]' },
        { name: 'RATE_LIMIT_MODE', value: 'queue' },
      ],
      token: '[redacted]',
      hasSecret: true,
    })
  })
})
