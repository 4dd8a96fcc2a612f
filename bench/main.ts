import { endAll } from './cleanup'
import { progress } from './clock'
import { machineNow, printed } from './report'
import type { Suite } from './suite'
import { actions } from './suites/actions'
import { approval } from './suites/approval'
import { assess } from './suites/assess'
import { backtest } from './suites/backtest'
import { concurrency } from './suites/concurrency'
import { cycle } from './suites/cycle'
import { delivery } from './suites/delivery'
import { drafts } from './suites/drafts'
import { flags } from './suites/flags'
import { incident } from './suites/incident'
import { ingest } from './suites/ingest'
import { leader } from './suites/leader'
import { library } from './suites/library'
import { live } from './suites/live'
import { markup } from './suites/markup'
import { migrator } from './suites/migrator'
import { pages } from './suites/pages'
import { paint } from './suites/paint'
import { postmortem } from './suites/postmortem'
import { rollout } from './suites/rollout'
import { sources } from './suites/sources'
import { status, statusFaults } from './suites/status'
import { storm } from './suites/storm'
import { triage } from './suites/triage'
import { triggers } from './suites/triggers'
import { webhooks } from './suites/webhooks'

const SUITES: Readonly<Record<'bench' | 'faults', readonly Suite[]>> = {
  faults: [
    sources,
    leader,
    storm,
    concurrency,
    drafts,
    markup,
    webhooks,
    actions,
    delivery,
    statusFaults,
    migrator,
    rollout,
  ],
  bench: [
    live,
    cycle,
    paint,
    pages,
    ingest,
    incident,
    triage,
    status,
    postmortem,
    library,
    approval,
    assess,
    flags,
    triggers,
    backtest,
  ],
}

const USAGE = `npm run bench -- NAME [--quick] [--json] [--no-build]
npm run faults -- NAME [--quick] [--json] [--no-build]
  list        names what there is
  --quick     fewer rounds and shorter spans
  --no-build  measures the production build as it stands, even when sources have changed since`

async function main(args: readonly string[]): Promise<number> {
  const words = args.filter((arg) => !arg.startsWith('--'))
  const options = new Set(args.filter((arg) => arg.startsWith('--')))
  const unknown = [...options].find((flag) => !['--quick', '--json', '--no-build', '--help'].includes(flag))
  if (unknown !== undefined || options.has('--help') || words.length === 0) return usage(unknown)
  if (words.includes('list')) return list(options.has('--json'))
  const [kind, name] = words
  if (kind !== 'bench' && kind !== 'faults') return usage(kind)
  const suite = SUITES[kind].find((one) => one.name === name)
  if (!suite) return usage(`${kind} ${name ?? ''}`)
  const machine = machineNow({})
  const measured = await suite.run({ quick: options.has('--quick'), build: !options.has('--no-build') })
  const ok = measured.bars.length > 0 && measured.bars.every((bar) => bar.ok)
  for (const bar of measured.bars)
    progress(
      `${bar.ok ? '✓' : '✗'} ${bar.id} ${bar.figure}: ${bar.value ?? 'not measured'} (${bar.holds} ${bar.limit} ${bar.unit})`,
    )
  process.stdout.write(
    `${printed({
      name: suite.name,
      workload: suite.workload,
      machine: {
        ...machine,
        postgres: measured.postgres ?? machine.postgres,
        chromium: measured.chromium ?? machine.chromium,
      },
      figures: measured.figures,
      bars: measured.bars,
      ok,
    })}\n`,
  )
  return ok ? 0 : 1
}

function usage(problem: string | undefined): number {
  process.stderr.write(`${problem === undefined ? '' : `not known: ${problem}\n`}${USAGE}\n`)
  return problem === undefined ? 0 : 2
}

function list(asJson: boolean): number {
  const names = {
    bench: SUITES.bench.map(({ name }) => name),
    faults: SUITES.faults.map(({ name }) => name),
  }
  process.stdout.write(
    asJson
      ? `${JSON.stringify(names)}\n`
      : `${[...names.bench.map((name) => `bench ${name}`), ...names.faults.map((name) => `faults ${name}`)].join('\n')}\n`,
  )
  return 0
}

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.once(signal, () => {
    progress(`${signal}: stopping everything`)
    endAll().finally(() => process.exit(1))
  })
}

main(process.argv.slice(2)).then(
  (code) => {
    process.exitCode = code
  },
  (error: unknown) => {
    process.stderr.write(`✗ ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`)
    // What still runs beside the part that failed would keep the process for minutes.
    endAll().finally(() => process.exit(1))
  },
)
