import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { COUNTS, type Crew, crewOf, openedBy, SIDE, until } from './testing/going'

let crew: Crew

// Long ways of many deeds: a loaded machine needs more than the usual time.
vi.setConfig({ testTimeout: 90_000 })

beforeAll(async () => {
  crew = await crewOf()
})

afterAll(() => crew.app.close())

it('MG-REP-01 a report is passed only if every check passed; what nobody reported is no pass', async () => {
  const going = await openedBy(crew)
  const { number, see } = going
  await until(going, 'validating')
  expect(await crew.ana.does('migrations.validate', { number })).toMatchObject({ seq: 1, verdict: 'failed' })
  const [report] = (await see()).reports
  const open = report?.checks.filter(({ verdict }) => verdict === 'unknown').map(({ id }) => id)
  expect(open).toEqual(['counts:renders', 'checksum:renders', 'sample:renders', 'performance', 'errors'])
  const slow = { ...SIDE, p95Ms: 100 }
  await crew.ana.does('migrations.reportFigures', {
    number,
    figures: [
      { kind: 'counts', part: 'renders', body: { ...COUNTS, newChecksum: 'b' } },
      { kind: 'performance', body: { old: SIDE, new: slow } },
    ],
  })
  await crew.ana.does('migrations.validate', { number })
  const failed = (await see()).reports[0]?.checks.filter(({ verdict }) => verdict === 'failed') ?? []
  expect(failed.map(({ id }) => id)).toEqual(['checksum:renders', 'performance'])
  expect(failed.map(({ advice }) => advice).join(' ')).toMatch(/check the transform.*add caching/)
  const file = await crew.ana.asks('migrations.reportFile', { number, seq: 2 })
  expect(new TextDecoder().decode(file.bytes)).toContain('| Checksum of renders | failed | a old, b new |')
  await expect(crew.app.db.migrationReport.deleteMany({})).rejects.toThrow('append-only')
})
