import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { afterAll, describe, expect, test } from 'vitest'
import {
  at,
  list,
  makePlace,
  parseReport,
  printReport,
  type Report,
  runAgent,
  stopEverything,
} from './agent-run'

const fixtures = fileURLToPath(new URL('./fixtures', import.meta.url))
afterAll(stopEverything)

function reportOf(smi: string, env: Record<string, string> = {}): Promise<Report> {
  return printReport(makePlace({ FAKE_SMI: `${fixtures}/smi/${smi}`, ...env }))
}
const notSupported = { unknown: 'not_supported' }

describe('sample reports', () => {
  test.each(readdirSync(`${fixtures}/reports`))('%s has the published shape', (name) => {
    expect(parseReport(readFileSync(`${fixtures}/reports/${name}`, 'utf8')).schemaVersion).toBe(1)
  })
  test('a report with a null or a missing section does not have the published shape', () => {
    const sample = JSON.parse(readFileSync(`${fixtures}/reports/healthy-rtx4090.json`, 'utf8'))
    expect(() => parseReport(JSON.stringify({ ...sample, xid: null }))).toThrow()
    expect(() => parseReport(JSON.stringify({ ...sample, gpuCount: { expected: 2, seen: null } }))).toThrow()
    expect(() => parseReport(JSON.stringify({ ...sample, disks: undefined }))).toThrow()
  })
})

describe('GPUs', () => {
  test('an RTX 4090 tells its margin, and what the card cannot measure is unknown, never zero', async () => {
    const report = await reportOf('rtx4090', { GPU_COUNT: '2' })
    expect(report.gpuCount).toEqual({ expected: 2, seen: 2 })
    expect(at(report, 'gpus', 0)).toMatchObject({
      state: 'ok',
      name: 'NVIDIA GeForce RTX 4090',
      temperatureC: 63,
      tlimitMarginC: 19,
      memoryTemperatureC: notSupported,
      utilizationPercent: 97,
      memoryUsedMib: 21874,
      powerDrawW: 421.37,
      eccUncorrectedVolatile: notSupported,
      remappedRowsPending: notSupported,
      clockEventReasons: '0x0000000000000004',
      hwSlowdown: false,
      swPowerCap: true,
      limits: { regime: 'tlimit', shutdownC: -7, slowdownC: -2, maxOperatingC: 0, targetC: 83 },
    })
    expect(at(report, 'gpus', 1, 'utilizationPercent')).toBe(0)
  })
  test('eight H100s keep their order and a pending row remap is true on the one that has it', async () => {
    const report = await reportOf('h100-8x')
    expect(list(report, 'gpus').map((gpu) => at(gpu, 'remappedRowsPending'))).toEqual(
      [0, 1, 2, 3, 4, 5, 6, 7].map((index) => index === 5),
    )
    expect(at(report, 'gpus', 5, 'eccUncorrectedAggregate')).toBe(3)
    expect(at(report, 'gpus', 0, 'limits', 'shutdownC')).toBe(-8)
    expect(report.gpuCount).toEqual({
      expected: expect.objectContaining({ unknown: 'field_absent' }),
      seen: 8,
    })
  })
  test('an A100 with an old driver is asked by the old names and has absolute limits', async () => {
    const report = await reportOf('a100')
    expect(at(report, 'gpus', 0)).toMatchObject({
      temperatureC: 78,
      tlimitMarginC: { unknown: 'field_absent' },
      memoryReservedMib: { unknown: 'field_absent' },
      hwSlowdown: true,
      hwThermalSlowdown: true,
      limits: {
        regime: 'absolute',
        shutdownC: 92,
        slowdownC: 89,
        maxOperatingC: 85,
        memoryMaxOperatingC: 95,
      },
    })
  })
  test('every odd text becomes the unknown that says why', async () => {
    const report = await reportOf('odd-values')
    expect(at(report, 'gpus', 0)).toMatchObject({
      utilizationPercent: { unknown: 'source_error' },
      powerDrawW: { unknown: 'source_error' },
      fanSpeedPercent: { unknown: 'sentinel' },
      memoryUsedMib: { unknown: 'sentinel' },
      memoryTemperatureC: { unknown: 'source_refused' },
      pstate: { unknown: 'field_null' },
      smClockMhz: { unknown: 'schema_mismatch' },
      remappedRowsPending: { unknown: 'schema_mismatch' },
      clockEventReasons: { unknown: 'schema_mismatch' },
      tlimitMarginC: -1,
      limits: {
        regime: 'tlimit',
        shutdownC: -7,
        slowdownC: -2,
        unreadElements: ['gpu_tlimit_hysteresis_spec'],
      },
    })
  })
  test('a GPU that nvidia-smi calls lost is listed as lost and does not count as seen', async () => {
    const byRow = await reportOf('rtx4090-lost-row', { GPU_COUNT: '2' })
    expect(byRow.gpuCount).toEqual({ expected: 2, seen: 1 })
    expect(at(byRow, 'gpus', 1)).toMatchObject({ state: 'lost', temperatureC: { unknown: 'source_error' } })
    expect(at(byRow, 'nvidiaSmi', 'lostGpus')).toEqual(['00000000:41:00.0'])

    const byMessage = await reportOf('rtx4090-lost-message', { GPU_COUNT: '2' })
    expect(byMessage.nvidiaSmi).toMatchObject({ state: 'failed', exitCode: 15, lostGpus: ['0000:41:00.0'] })
    expect(byMessage.gpuCount).toEqual({ expected: 2, seen: 1 })
  })
  test('without nvidia-smi the GPUs are unknown, not none', async () => {
    const report = await printReport(makePlace({ PATH: '/usr/bin:/bin', GPU_COUNT: '1' }))
    expect(report).toMatchObject({
      nvidiaSmi: { state: 'not_supported' },
      gpus: { unknown: 'not_supported' },
      gpuCount: { expected: 1, seen: { unknown: 'not_supported' } },
    })
  })
  test('a driver that has no help for its fields is asked field by field', async () => {
    const place = makePlace()
    for (const name of ['query.csv', 'listing.xml'])
      place.file(`smi/${name}`, readFileSync(`${fixtures}/smi/a100/${name}`, 'utf8'))
    place.file('smi/mode', 'nohelp\n')
    Object.assign(place.env, { FAKE_SMI: `${place.dir}/smi` })
    const report = await printReport(place)
    expect(at(report, 'gpus', 0)).toMatchObject({
      hwSlowdown: true,
      tlimitMarginC: { unknown: 'field_absent' },
    })
  })
  test('no devices is a known zero; a broken driver is unknown', async () => {
    const place = makePlace({ GPU_COUNT: '1' })
    place.file(
      'smi/query.csv',
      `${readFileSync(`${fixtures}/smi/rtx4090/query.csv`, 'utf8').split('\n')[0]}\n`,
    )
    place.file('smi/listing.xml', '<nvidia_smi_log></nvidia_smi_log>\n')
    place.file('smi/message.txt', 'No devices were found\n')
    place.file('smi/exit', '6\n')
    Object.assign(place.env, { FAKE_SMI: `${place.dir}/smi` })
    expect(await printReport(place)).toMatchObject({
      gpus: [],
      gpuCount: { seen: 0 },
      nvidiaSmi: { state: 'ok' },
    })

    place.file('smi/message.txt', 'Failed to initialize NVML: Driver/library version mismatch\n')
    place.file('smi/exit', '18\n')
    expect(await printReport(place)).toMatchObject({
      gpus: { unknown: 'source_error' },
      gpuCount: { seen: { unknown: 'source_error' } },
      nvidiaSmi: { state: 'failed', message: 'Failed to initialize NVML: Driver/library version mismatch' },
    })
  })
})

describe('the rest of the machine', () => {
  test('XIDs come from the kernel log with their time, and a closed kernel log is not an absence of XIDs', async () => {
    const place = makePlace()
    place.file(
      'bin/dmesg',
      `#!/bin/bash
echo '[    0.000000] Linux version 6.8.0'
echo '[  812.400000] NVRM: Xid (PCI:0000:41:00): 79, pid=4321, name=python3, GPU has fallen off the bus.'
echo '[  900.000000] nvidia 0000:41:00.0: GPU has fallen off the bus.'
`,
    )
    const { chmodSync } = await import('node:fs')
    chmodSync(`${place.dir}/bin/dmesg`, 0o755)
    Object.assign(place.env, { PATH: `${place.dir}/bin:${place.env.PATH}` })
    const report = await printReport(place)
    expect(list(report, 'xid', 'events')).toEqual([
      expect.objectContaining({
        pciBusId: '0000:41:00',
        code: 79,
        at: expect.stringMatching(/^20\d\d-.*Z$/),
      }),
      expect.objectContaining({ code: { unknown: 'field_absent' } }),
    ])
    const spread =
      Date.parse(String(at(report, 'xid', 'events', 0, 'at'))) -
      Date.parse(String(at(report, 'xid', 'coversSince')))
    expect(spread / 1000).toBeCloseTo(812, 0)

    place.file(
      'bin/dmesg',
      '#!/bin/bash\necho "dmesg: read kernel buffer failed: Operation not permitted" >&2; exit 1\n',
    )
    expect(at(await printReport(place), 'xid')).toMatchObject({ unknown: 'not_supported' })
  })
  test('models, logs, disk, memory, load, image and uptime are read', async () => {
    const place = makePlace()
    place.file('models/ggml-large-v3.bin', 'x'.repeat(1234))
    place.file('models/a "quoted" \\ name.gguf', '')
    place.file('models/hf-model/weights.safetensors', 'y'.repeat(5000))
    place.file('image-version', 'ghcr.io/acme/worker:2026.11.3\n')
    place.file(
      'worker.log',
      'ok\n2026-11-20 ERROR first\nfine\nCUDA error: out of memory\nfinished with 0 errors\n',
    )
    const report = await printReport(place)
    expect(list(report, 'models', 'files')).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ name: 'ggml-large-v3.bin', kind: 'file', sizeBytes: 1234 }),
        expect.objectContaining({ name: 'a "quoted" \\ name.gguf', sizeBytes: 0 }),
        expect.objectContaining({ name: 'hf-model', kind: 'directory', sizeBytes: expect.any(Number) }),
      ]),
    )
    expect(at(report, 'models', 'patterns', 0)).toMatchObject({ directory: 'present', matches: 3 })
    expect(at(report, 'logs', 0, 'errorLines')).toEqual([
      '2026-11-20 ERROR first',
      'CUDA error: out of memory',
    ])
    expect(report.image).toEqual({
      version: 'ghcr.io/acme/worker:2026.11.3',
      source: `${place.dir}/image-version`,
    })
    expect(at(report, 'disks', 0)).toMatchObject({
      path: '/',
      totalBytes: expect.any(Number),
      usedPercent: expect.any(Number),
    })
    expect(at(report, 'memory', 'totalBytes')).toEqual(expect.any(Number))
    expect(at(report, 'load', 'load1')).toEqual(expect.any(Number))
    expect(at(report, 'uptime', 'hostS')).toEqual(expect.any(Number))
  })
  test('of a log only the last five error lines are told, and a missing log is unknown', async () => {
    const place = makePlace()
    place.file(
      'worker.log',
      Array.from({ length: 9 }, (_, i) => `error ${i} ${'é\u0001'.repeat(400)}`).join('\n'),
    )
    Object.assign(place.env, { WATCHFLOOR_LOGS: `${place.dir}/worker.log:${place.dir}/none.log` })
    const report = await printReport(place)
    const lines = list(report, 'logs', 0, 'errorLines').map(String)
    expect(lines.map((line) => line.slice(0, 7))).toEqual([4, 5, 6, 7, 8].map((i) => `error ${i}`))
    expect(lines.every((line) => line.length === 300 && /^[ -~]*$/.test(line))).toBe(true)
    expect(at(report, 'logs', 1, 'errorLines')).toMatchObject({ unknown: 'field_absent' })
  })
  test('the instance comes from the provider variables, and without any the agent refuses to guess', async () => {
    const label = makePlace({ CONTAINER_ID: '', VAST_CONTAINERLABEL: 'C.8123456' })
    expect(await printReport(label)).toMatchObject({
      instanceId: '8123456',
      instanceIdSource: 'VAST_CONTAINERLABEL',
    })
    const done = await runAgent(makePlace({ CONTAINER_ID: '' }), ['--once', '--print'])
    expect(done.code).toBe(2)
    expect(done.stderr).toMatch(/give --instance/)
  })
})
