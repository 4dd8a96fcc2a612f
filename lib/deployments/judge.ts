import type { Looks, PlaceLook, Seen, SizeLook } from './looks'
import type { Plan, ServiceDefinition } from './model'

/** Found is what a probe found about an item: with evidence, or why it is not known. */
export type Found = {
  readonly state: 'passed' | 'failed' | 'unknown'
  readonly words: string
  readonly evidence: Readonly<Record<string, unknown>>
}

/** Judged is what automatic items are judged by. */
export type Judged = {
  readonly plan: Plan
  readonly service: ServiceDefinition
  readonly looks: Looks
  /** overdueSecrets are names of the ledger whose rotation is overdue. */
  readonly overdueSecrets: readonly string[]
}

const SEMVER = /^v?\d+\.\d+\.\d+(-[0-9A-Za-z.-]+)?(\+[0-9A-Za-z.-]+)?$/

function passed(words: string, evidence: Found['evidence']): Found {
  return { state: 'passed', words, evidence }
}

function failed(words: string, evidence: Found['evidence']): Found {
  return { state: 'failed', words, evidence }
}

function seen<Value>(look: Seen<Value>, judge: (value: Value) => Found): Found {
  const evidence = { source: look.source, at: new Date(look.atMs).toISOString() }
  if (look.kind === 'unknown') return { state: 'unknown', words: look.why, evidence }
  const found = judge(look.value)
  return { ...found, evidence: { ...evidence, ...found.evidence } }
}

const NO_SIZE: Found = { state: 'unknown', words: 'the provider tells no size', evidence: {} }

function sizeWords({ cpus, memoryMb, gpus = [] }: SizeLook): string {
  return [`${cpus} CPU`, `${memoryMb} MB`, ...gpus].join(', ')
}

function same({ size: here, differing }: PlaceLook, { size: there, differing: other }: PlaceLook): Found {
  if (differing !== undefined) return failed(`production differs in itself: ${differing}`, { differing })
  if (other !== undefined) return failed(`staging differs in itself: ${other}`, { differing: other })
  if (!here || !there) return NO_SIZE
  return here.cpus === there.cpus && here.memoryMb === there.memoryMb
    ? passed(sizeWords(here), { size: here })
    : failed(`production ${sizeWords(here)}; staging ${sizeWords(there)}`, { here, there })
}

/** Hosts that are rented are never quite alike: what fitted in staging has to fit, on hardware that was tried. Rule D-CHK-12. */
function rented({ size: here }: PlaceLook, { size: there }: PlaceLook): Found {
  if (!here || !there) return NO_SIZE
  const untried = (here.gpus ?? []).filter((model) => !(there.gpus ?? []).includes(model))
  const isSmaller = here.cpus < there.cpus || here.memoryMb < there.memoryMb
  const words = `production ${sizeWords(here)}; staging ${sizeWords(there)}`
  if (isSmaller) return failed(`the smallest instance is smaller than staging: ${words}`, { here, there })
  return untried.length > 0
    ? failed(`staging did not try ${untried.join(', ')}: ${words}`, { here, there, untried })
    : passed(words, { here, there })
}

/** JUDGES holds one function for each automatic item; rules D-CHK-10 and on. */
export const JUDGES: Readonly<Record<string, (judged: Judged) => Found>> = {
  'before.rules': ({ service, looks }) =>
    seen(looks.rules, (rules) => {
      const missing = service.rules.filter((name) => !rules.includes(name))
      if (service.rules.length === 0) return failed('the definition names no rule to look for', {})
      return missing.length === 0
        ? passed(`${service.rules.length} of ${service.rules.length} rules`, { rules: service.rules })
        : failed(`missing: ${missing.join(', ')}`, { missing })
    }),
  'code.version': ({ plan }) => {
    const wrong = plan.artifacts.filter(({ tag }) => !SEMVER.test(tag)).map(({ tag }) => tag)
    return wrong.length === 0
      ? passed(plan.artifacts.map(({ tag }) => tag).join(', '), {})
      : failed(`not a semantic version: ${wrong.join(', ')}`, { wrong })
  },
  'code.notes': ({ plan: { about } }) => {
    const text = about.notes ?? ''
    if (text.trim().length >= 10) return passed('written in the plan', { characters: text.length })
    return about.link ? passed('linked', { link: about.link }) : failed('neither notes nor a link', {})
  },
  'infra.health': ({ looks }) =>
    seen(looks.health, ({ parts, status }) => {
      const names = parts.map(({ name }) => name)
      const provider = parts.find(({ name }) => /vast|provider|fly/i.test(name))
      if (!provider) return failed(`it reports ${names.join(', ') || 'no parts'}, and no provider`, { names })
      return passed(`${provider.name}: ${provider.status}`, { status, names })
    }),
  'infra.size': ({ looks, service }) =>
    seen(looks.place, (here) =>
      seen(looks.staging, (there) => (service.provider === 'vast' ? rented(here, there) : same(here, there))),
    ),
  'deps.database': ({ looks }) =>
    seen(looks.health, ({ parts }) => {
      const database = parts.find(({ name }) => /database|postgres|db/i.test(name))
      if (!database) return failed('the health endpoint reports no database', {})
      const ms = database.latencyMs === undefined ? '' : `, ${database.latencyMs} ms`
      return database.status === 'healthy' || database.status === 'ok'
        ? passed(`${database.status}${ms}`, { part: database })
        : failed(`it is ${database.status}`, { part: database })
    }),
  'deps.secrets': ({ plan, service, looks }) =>
    seen(looks.secrets, (names) => {
      const wanted = service.environments[plan.environment].secrets
      const missing = wanted.filter((name) => !names.includes(name))
      if (wanted.length === 0) return failed('the definition names no secret to look for', {})
      return missing.length === 0
        ? passed(`${wanted.length} of ${wanted.length} set`, { names: wanted })
        : failed(`not set: ${missing.join(', ')}`, { missing })
    }),
  'deps.limits': ({ service, looks }) =>
    seen(looks.limits, ({ freePercent, endpoint }) => {
      const words = `${Math.round(freePercent)} % free at ${endpoint}`
      return freePercent >= service.apiHeadroomPercent
        ? passed(words, { freePercent })
        : failed(`${words}, ${service.apiHeadroomPercent} % needed`, { freePercent })
    }),
  'app.name': ({ service, looks }) =>
    seen(looks.staging, ({ names }) =>
      seen(looks.place, ({ names: here }) => {
        const wrong = names.filter((name) => !name.endsWith('-staging'))
        const worse = here.filter((name) => name.endsWith('-staging'))
        if (wrong.length > 0) return failed(`staging runs as ${wrong.join(', ')}`, { wrong })
        return worse.length > 0
          ? failed(`production runs as ${worse.join(', ')}`, { worse })
          : passed(`${service.environments.staging.appName} and ${here.join(', ')}`, { names, here })
      }),
    ),
  'app.rotation': ({ overdueSecrets }) =>
    overdueSecrets.length === 0
      ? passed('none is overdue', {})
      : failed(`overdue: ${overdueSecrets.join(', ')}`, { overdueSecrets }),
}

/** judgeItem judges one automatic item; unknown for an item that no probe knows. */
export function judgeItem(id: string, judged: Judged): Found {
  return JUDGES[id]?.(judged) ?? { state: 'unknown', words: 'no probe knows this item', evidence: {} }
}
