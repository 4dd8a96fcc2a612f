import { mkdirSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, test, vi } from 'vitest'
import {
  at,
  list,
  makePlace,
  PATIENCE,
  printReport,
  runAgent,
  startAgent,
  stopEverything,
  token,
} from './agent-run'
import { closeConsoles, openConsole } from './fake-console'

vi.setConfig({ testTimeout: 2 * PATIENCE.timeout })
afterEach(async () => {
  stopEverything()
  await closeConsoles()
})

const hexToken = 'deadbeefcafe0123456789abcdef0123'
const leaks: { line: string; secret: string }[] = [
  { line: 'error: Authorization: Bearer abc.def-123', secret: 'abc.def-123' },
  { line: 'ERROR request failed headers={"authorization": "Basic dXNlcjpwYXNz"}', secret: 'dXNlcjpwYXNz' },
  { line: 'error {"api_key": "short1", "x": 1}', secret: 'short1' },
  { line: 'error {\\"api_key\\": \\"short2\\", \\"x\\": 1}', secret: 'short2' },
  { line: 'fatal: password=hunter22,sslmode=require', secret: 'hunter22' },
  { line: 'fatal: PGPASSWORD="correct horse battery"', secret: 'horse battery' },
  { line: 'fatal: passphrase: correct horse battery', secret: 'horse battery' },
  { line: 'error connecting to postgres://app:s3cr3tpw@db:5432/app', secret: 's3cr3tpw' },
  { line: 'error AWS_SECRET_ACCESS_KEY=wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY', secret: 'wJalrXUtnFEMI' },
  { line: 'error bare wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY1', secret: 'bPxRfiCY' },
  { line: 'exception for AKIAIOSFODNN7EXAMPLE', secret: 'AKIAIOSFODNN7EXAMPLE' },
  { line: 'error: GET https://bucket/x?X-Amz-Signature=0011aabb&x=1', secret: '0011aabb' },
  { line: 'error: hf_abcdefGHIJKLmnop refused', secret: 'hf_abcdefGHIJKLmnop' },
  { line: 'error sk-proj-abc123def456 invalid', secret: 'sk-proj-abc123def456' },
  {
    line: 'error jwt eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.c2lnbmF0dXJlLXZhbHVlLWhlcmU',
    secret: 'eyJzdWIi',
  },
  { line: `error hash ${hexToken} refused`, secret: hexToken },
  { line: 'error: Cookie: session=abc; theme=dark', secret: 'session=abc' },
  { line: 'error: worker --token abc123 --verbose', secret: 'abc123' },
  { line: 'error using the key from the environment: plain-env-value', secret: 'plain-env-value' },
  { line: 'error using plain value dotenv-value-7 here', secret: 'dotenv-value-7' },
]

describe('log lines', () => {
  test.each(leaks)('%$: $secret is masked', async ({ line, secret }) => {
    const place = makePlace({ CONTAINER_API_KEY: 'plain-env-value' })
    place.file('.env', 'MINIO_SECRET_KEY=dotenv-value-7\n')
    place.file('worker.log', `${line}\n`)
    const report = await printReport(place)
    const [told] = list(report, 'logs', 0, 'errorLines')
    expect(told).toContain('***')
    expect(JSON.stringify(report)).not.toContain(secret)
  })
  test('what helps to find the fault is kept', async () => {
    const kept = [
      'ERROR workflow 7d9f6c1e-2b1a-4a57-9d3c-0f5f6f1c2b3a: activity timed out',
      "KeyError: 'encoder.weight'",
      'error: failed to load model /workspace/packages/models/Qwen2.5-Coder-7B-Instruct-Q4_K_M-00001-of-00002.gguf',
      'CUDA error: an illegal memory access was encountered at ggml-cuda.cu:2345',
      'error: n_tokens = 5120 exceeds context; prompt tokens: 4096',
    ]
    const place = makePlace()
    place.file('worker.log', `${kept.join('\n')}\n`)
    expect(at(await printReport(place), 'logs', 0, 'errorLines')).toEqual(kept)
  })
})

describe('endpoints', () => {
  test.each([
    { value: 'temporal.example.com:7233', shown: 'temporal.example.com:7233' },
    { value: '"https://minio.example.com:9000/path?token=abc"', shown: 'minio.example.com:9000' },
    { value: 'https://admin:S3cretPw@minio.example.com:9000', shown: 'minio.example.com:9000' },
    { value: '[2001:db8::1]:9000', shown: '[2001:db8::1]:9000' },
    { value: 'localhost', shown: 'localhost' },
  ])('$value is told as $shown', async ({ value, shown }) => {
    const place = makePlace()
    place.file('.env', `# settings\nexport MINIO_ENDPOINT=${value}\nMINIO_SECURE=true # yes\n`)
    const report = await printReport(place)
    expect(at(report, 'endpoints')).toEqual({
      TEMPORAL_ADDRESS: { present: false },
      MINIO_ENDPOINT: { present: true, hostPort: shown, source: join(place.dir, '.env') },
      MINIO_SECURE: { present: true, value: true, source: join(place.dir, '.env') },
    })
    expect(JSON.stringify(report)).not.toMatch(/S3cretPw|token=abc/)
  })
  test.each([
    'S3cretPassw0rd',
    'wfa_0123456789abcdefABCDEF',
    'AbCdEfGhIjKl1234567890.example',
    'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.abc',
    '$HOST:7233',
    'two words',
  ])('%s in the place of a host is not sent', async (value) => {
    const place = makePlace()
    place.file('.env', `TEMPORAL_ADDRESS='${value}'\n`)
    const report = await printReport(place)
    expect(at(report, 'endpoints', 'TEMPORAL_ADDRESS', 'hostPort')).toMatchObject({
      unknown: 'schema_mismatch',
    })
    expect(JSON.stringify(report)).not.toContain(value)
  })
  test('nothing but the three names is taken from the env file, and the file is never executed', async () => {
    const place = makePlace()
    place.file(
      '.env',
      `CANARY_NAME=canary-value\nMINIO_ROOT_PASSWORD=canary-password\nX=$(touch ${place.dir}/executed)\n`,
    )
    expect(JSON.stringify(await printReport(place))).not.toMatch(/canary|CANARY/)
    expect(readdirSync(place.dir)).not.toContain('executed')
  })
})

describe("the agent's own token", () => {
  test('is on no command line, in no log and in no report, with curl or wget', async () => {
    for (const transport of ['curl', 'wget']) {
      const console = await openConsole()
      const seen: string[] = []
      console.answer((response) => {
        for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
          try {
            seen.push(readFileSync(`/proc/${pid}/cmdline`, 'utf8'))
          } catch {
            seen.push('')
          }
        }
        response.writeHead(503).end(token)
      })
      const place = makePlace({ WATCHFLOOR_URL: console.url, WATCHFLOOR_TOKEN: token })
      place.file('worker.log', `error: refused ${token}\n`)
      if (transport === 'wget') {
        mkdirSync(join(place.dir, 'bin'))
        const { execFileSync } = await import('node:child_process')
        execFileSync('/bin/sh', [
          '-c',
          `for d in /usr/sbin /usr/bin /sbin /bin; do for f in $d/*; do [ "$(basename $f)" = curl ] || ln -sf $f ${place.dir}/bin/; done; done`,
        ])
        Object.assign(place.env, { PATH: join(place.dir, 'bin') })
      }
      const agent = startAgent(place)
      await console.received(2)
      const done = await agent.stop()
      expect(
        seen.some(
          (line) => line.includes(transport) && line.includes('watchfloor') === (transport === 'wget'),
        ),
      ).toBe(true)
      expect(seen.filter((line) => line.includes(token))).toEqual([])
      expect(done.stdout + done.stderr).not.toContain(token)
      expect(console.deliveries.map((delivery) => delivery.text).join()).not.toContain(token)
      const files = readdirSync(place.stateDir, { recursive: true, withFileTypes: true }).filter((entry) =>
        entry.isFile(),
      )
      for (const file of files)
        expect(readFileSync(join(file.parentPath, file.name), 'utf8')).not.toContain(token)
      await console.close()
    }
  })
  test('is not accepted as a flag', async () => {
    const done = await runAgent(makePlace(), ['--token', token])
    expect(done.code).toBe(2)
    expect(done.stderr).toMatch(/ps/)
    expect(done.stderr).not.toContain(token)
  })
  test('comes from a file, too, and a configuration that others can read is closed', async () => {
    const console = await openConsole()
    const place = makePlace()
    const conf = place.file(
      'agent.conf',
      `# the console\nWATCHFLOOR_URL="${console.url}"\nWATCHFLOOR_TOKEN=${token}\nPATH=/evil\n`,
    )
    const { chmodSync, statSync } = await import('node:fs')
    chmodSync(conf, 0o644)
    const done = await runAgent(place, ['--once', '--config', conf])
    expect(done).toMatchObject({ code: 0, stderr: expect.stringMatching(/readable by others/) })
    expect(statSync(conf).mode & 0o777).toBe(0o600)
    expect(console.deliveries[0]?.headers.authorization).toBe(`Bearer ${token}`)
  })
})
