import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { isShape, type Shape } from '../parse'
import type { Reading } from '../reading'
import { parseAgentReport } from './agent'
import type { AgentReport } from './types'

const folder = new URL('../../../agent/fixtures/reports/', import.meta.url)
const received = new Date('2026-11-21T10:00:00Z')

function fixture(name: string): Record<string, unknown> {
  const body: unknown = JSON.parse(readFileSync(new URL(`${name}.json`, folder), 'utf8'))
  if (!isShape(body)) throw new Error(`${name} is no object`)
  return { ...body }
}

function parse(body: unknown): AgentReport {
  const parsed = parseAgentReport(body, received)
  if (!parsed.ok) throw new Error(`${parsed.path}: ${parsed.problem}`)
  return parsed.report
}

function brief(reading: Reading<unknown> | undefined): unknown {
  return reading?.kind === 'known' ? reading.value : reading?.why
}

const files = readdirSync(folder).filter((name) => name.endsWith('.json'))

describe.each(files)('%s', (file) => {
  it('is read without drift', () => {
    const report = parse(fixture(file.replace('.json', '')))
    expect(report.drift).toEqual([])
    expect(report.identity.instanceId).toMatch(/^\d+$/)
  })

  it('survives every field being null, absent or of another type', () => {
    const whole = fixture(file.replace('.json', ''))
    for (const path of paths(whole))
      for (const value of [null, undefined, 'x', -1, 1e300, [], {}, true]) {
        const parsed = parseAgentReport(changed(whole, path, value), received)
        const isIdentity = ['schemaVersion', 'instanceId', 'runId', 'sequence'].includes(path[0] ?? '')
        expect(parsed.ok || isIdentity).toBe(true)
      }
  })
})

function paths(value: unknown, prefix: readonly string[] = []): string[][] {
  if (typeof value !== 'object' || value === null) return prefix.length === 0 ? [] : [[...prefix]]
  const inner = Object.entries(value).flatMap(([key, one]) => paths(one, [...prefix, key]))
  return prefix.length === 0 ? inner : [[...prefix], ...inner]
}

function changed(value: unknown, path: readonly string[], next: unknown): unknown {
  const [key, ...rest] = path
  if (key === undefined) return next
  if (Array.isArray(value))
    return value.map((item, index) => (String(index) === key ? changed(item, rest, next) : item))
  const shape: Shape = isShape(value) ? value : {}
  return { ...shape, [key]: changed(shape[key], rest, next) }
}

describe('a GPU', () => {
  it('of a healthy card carries limits, throttle reasons and no XID', () => {
    const [gpu] = parse(fixture('healthy-rtx4090')).gpus
    expect(gpu).toMatchObject({ source: 'agent', index: 0, model: 'NVIDIA GeForce RTX 4090' })
    expect(gpu?.limits).toEqual({ regime: 'margin', slowdownOffsetC: -2, shutdownOffsetC: -7 })
    expect(brief(gpu?.lost)).toBe(false)
    expect(brief(gpu?.eccUncorrected)).toBe('not_supported')
  })

  it('with an XID in the kernel log carries its code and time, the other card carries 0', () => {
    const { gpus } = parse(fixture('xid-79'))
    const byCode = gpus.map(({ xid, xidSince }) => [brief(xid), xidSince?.toISOString()])
    expect(byCode).toEqual(expect.arrayContaining([[79, '2026-11-20T14:02:31.000Z']]))
    expect(byCode).toEqual(expect.arrayContaining([[0, undefined]]))
  })

  it('has an unknown XID, not 0, where the kernel log can not be read', () => {
    expect(parse(fixture('gpu-lost')).gpus.map(({ xid }) => brief(xid))).toEqual([
      'not_supported',
      'not_supported',
    ])
  })

  it('that nvidia-smi calls lost is listed as lost in the place of the missing one', () => {
    const { gpus, gpuCount } = parse(fixture('gpu-lost'))
    expect(brief(gpuCount.expected)).toBe(2)
    expect(gpus.map(({ index, lost }) => [index, brief(lost)])).toEqual([
      [0, false],
      [1, true],
    ])
  })

  it('is never made up while nvidia-smi hangs', () => {
    const report = parse(fixture('nvidia-smi-hung'))
    expect(report.gpus).toEqual([])
    expect(brief(report.gpusRead)).toBe('source_unreachable')
    expect(brief(report.gpuCount.seen)).toBe('source_unreachable')
    expect(brief(report.nvidiaSmi.state)).toBe('hung')
  })

  it('keeps its other readings when one field has the wrong type', () => {
    const whole = fixture('healthy-rtx4090')
    const report = parse(changed(whole, ['gpus', '0', 'temperatureC'], 'hot'))
    expect(brief(report.gpus[0]?.tempC)).toBe('schema_mismatch')
    expect(report.gpus[0]?.utilPercent.kind).toBe('known')
    expect(report.drift).toEqual(['agent.gpus.temperatureC'])
  })

  it.each([
    ['0x0000000000000044', ['power-cap', 'hw-thermal']],
    ['0x0', []],
    ['0xFFFFFFFF00000000', []],
    [
      '0x00000000000001ff',
      [
        'idle',
        'clocks-setting',
        'power-cap',
        'hw-slowdown',
        'sync-boost',
        'sw-thermal',
        'hw-thermal',
        'power-brake',
        'display',
      ],
    ],
  ])('with the mask %s is throttled by %j', (mask, expected) => {
    const report = parse(changed(fixture('healthy-rtx4090'), ['gpus', '0', 'clockEventReasons'], mask))
    expect(brief(report.gpus[0]?.throttle)).toEqual(expected)
  })
})

describe('clocks', () => {
  it('of an instance that is a day off do no harm', () => {
    const report = parse({
      ...fixture('healthy-rtx4090'),
      sentAt: '2026-11-20T10:00:10.000Z',
      sampledAt: '2026-11-20T10:00:04.000Z',
    })
    expect(report.clocks.sampledAt).toEqual(new Date('2026-11-21T09:59:54Z'))
    expect(report.clocks.skewMs).toBe(86_390_000)
    expect(report.gpus[0]?.tempC).toMatchObject({
      observedAt: received,
      sampleAt: new Date('2026-11-21T09:59:54Z'),
    })
  })

  it('that run backwards never give a sample from the future', () => {
    const report = parse({
      ...fixture('healthy-rtx4090'),
      sentAt: '2026-11-21T10:00:00.000Z',
      sampledAt: '2026-11-21T11:00:00.000Z',
    })
    expect(report.clocks.sampledAt).toEqual(received)
  })

  it('that are no instants leave the arrival', () => {
    const report = parse({ ...fixture('healthy-rtx4090'), sentAt: '2026-02-30T10:00:00Z' })
    expect(report.clocks).toMatchObject({ sampledAt: received, skewMs: undefined })
  })
})

describe('the rest', () => {
  it('reads supervised programs, endpoints, models, logs and disks', () => {
    const report = parse(fixture('worker-fatal'))
    expect(report.supervisor.kind === 'known' && report.supervisor.value.map(({ state }) => state)).toContain(
      'FATAL',
    )
    expect(brief(report.endpoints.temporalAddress.present)).toBe(false)
    expect(brief(report.endpoints.minioEndpoint.value)).toBe('minio.example.com:9000')
    expect(brief(report.endpoints.minioSecure.value)).toBe('true')
    expect(report.logs.length).toBeGreaterThan(0)
    expect(report.disks.length).toBeGreaterThan(0)
  })

  it('says of everything that it could not see that it could not', () => {
    const report = parse(fixture('sees-almost-nothing'))
    expect(report.supervisor.kind).toBe('unknown')
    expect(report.xid.kind).toBe('unknown')
  })

  it('marks a report that waited', () => {
    expect(parse(fixture('buffered-after-outage')).delivery.buffered).toBe(true)
  })

  it('redacts log lines once more', () => {
    const log = {
      path: '/var/log/worker.log',
      sizeBytes: 1,
      modifiedAt: '2026-11-21T10:00:00Z',
      errorLines: ['failed: password=hunter2hunter2'],
    }
    const [first] = parse({ ...fixture('healthy-rtx4090'), logs: [log] }).logs
    expect(JSON.stringify(first)).not.toContain('hunter2')
  })

  it.each([
    [null, 'body'],
    ['text', 'body'],
    [[], 'body'],
    [{}, 'schemaVersion'],
    [{ schemaVersion: 2, instanceId: '1', runId: '12345678', sequence: 1 }, 'schemaVersion'],
    [{ schemaVersion: 1, instanceId: '', runId: '12345678', sequence: 1 }, 'instanceId'],
    [{ schemaVersion: 1, instanceId: '1', runId: 'x', sequence: 1 }, 'runId'],
    [{ schemaVersion: 1, instanceId: '1', runId: '12345678', sequence: 0 }, 'sequence'],
  ])('refuses %j at %s', (body, path) => {
    expect(parseAgentReport(body, received)).toMatchObject({ ok: false, path })
  })

  it('takes a report of nothing but its identity', () => {
    const report = parse({ schemaVersion: 1, instanceId: 7_001_234, runId: '12345678', sequence: 1 })
    expect(report.identity.instanceId).toBe('7001234')
    expect(report.gpusRead).toMatchObject({ kind: 'unknown', why: 'field_absent' })
  })
})
