import type { ServiceObservation } from '../health/model'
import { sourceOf } from '../health/rules/plane-row'
import type { ServiceRating } from '../health/rules/service'
import { countLook, flagLook, noLook, whyOfSource } from './look'
import type { Look, Looks, Subject } from './model'
import type { Sight } from './sight'

type Probed = { readonly service: ServiceObservation; readonly rating: ServiceRating }

const PROVIDER_PART = /vast|provider/i
const TEMPORAL_PART = /temporal|control/i
const MODEL_KINDS: ReadonlySet<string> = new Set(['llama', 'whisper', 'vllm'])
const APP_KINDS: ReadonlySet<string> = new Set(['app', 'http', 'minio'])
const NOT_WELL: ReadonlySet<string> = new Set(['down', 'unhealthy'])
const UNJUDGED: ReadonlySet<string> = new Set(['unknown', 'missing', 'refusing'])

/** serviceLooks are the looks at our own service, the app services and the model servers. */
export function serviceLooks(sight: Sight): Looks {
  const all = [...sight.rated.world.services.values()].flatMap((service): Probed[] => {
    const rating = sight.rated.services.get(service.id)
    return rating ? [{ service, rating }] : []
  })
  const own = all.find(({ service }) => service.kind === 'integration')
  return { ...ownLooks(sight, own), ...countLooks(sight, all) }
}

function ownLooks({ rated, nowMs }: Sight, own: Probed | undefined): Looks {
  const names = ['own.unhealthy', 'own.unreachable', 'own.dependencies-down', 'own.temporal-down'] as const
  if (!own || UNJUDGED.has(own.rating.state)) {
    const why = own
      ? own.service.outcome.kind === 'unknown'
        ? own.service.outcome.why
        : 'never_observed'
      : whyOfSource(sourceOf(rated.world, 'service-health'))
    const detail = own?.rating.verdict.reason ?? ''
    return Object.fromEntries(
      names.map((name) => [
        name,
        noLook(name, own && why === 'never_observed' ? 'source_unreachable' : why, detail),
      ]),
    )
  }
  const { service, rating } = own
  const atMs = service.outcome.kind === 'known' ? service.outcome.observedAt.getTime() : nowMs
  const down = rating.state === 'down'
  const unwell = rating.parts.filter(
    ({ verdict }) => verdict.rating === 'breach' || verdict.rating === 'warning',
  )
  const parts = unwell.filter(({ name }) => !PROVIDER_PART.test(name))
  const broken = parts.filter(({ verdict }) => verdict.rating === 'breach')
  // It may call itself unhealthy for its link to the provider alone: that is not our own trouble.
  const unhealthy = parts.length > 0 || (rating.state === 'unhealthy' && unwell.length === 0)
  const words =
    parts.length > 0
      ? parts
          .map(({ name, verdict }) => `${name}: ${verdict.reason}`)
          .join('; ')
          .slice(0, 200)
      : rating.state
  const silent = (name: string): Look => noLook(name, 'source_unreachable', 'it does not answer')
  return {
    'own.unreachable': flagLook('own.unreachable', down, {
      atMs,
      words: down ? rating.verdict.reason : 'answers',
    }),
    'own.unhealthy': down ? silent('own.unhealthy') : flagLook('own.unhealthy', unhealthy, { atMs, words }),
    'own.dependencies-down': down
      ? silent('own.dependencies-down')
      : countLook(
          'own.dependencies-down',
          { yes: broken.map(({ name }) => `part:${name}`), of: rating.parts.length },
          atMs,
        ),
    'own.temporal-down': down
      ? silent('own.temporal-down')
      : flagLook(
          'own.temporal-down',
          broken.some(({ name }) => TEMPORAL_PART.test(name)),
          { atMs, words },
        ),
  }
}

function countLooks({ rated, nowMs }: Sight, all: readonly Probed[]): Looks {
  const models = all.filter(({ service }) => MODEL_KINDS.has(service.kind))
  const apps = all.filter(({ service }) => APP_KINDS.has(service.kind))
  const count = (name: string, among: readonly Probed[], is: (one: Probed) => boolean): Look => {
    if (all.length === 0) return noLook(name, whyOfSource(sourceOf(rated.world, 'service-health')))
    const hidden = among.filter(({ rating }) => UNJUDGED.has(rating.state)).map(subject)
    return countLook(name, { yes: among.filter(is).map(subject), hidden, of: among.length }, nowMs)
  }
  return {
    'own.apps-down': count('own.apps-down', apps, ({ rating }) => NOT_WELL.has(rating.state)),
    'models.unwell': count(
      'models.unwell',
      models,
      ({ rating }) => NOT_WELL.has(rating.state) || rating.state === 'loading' || rating.state === 'busy',
    ),
    'models.loading': count('models.loading', models, ({ rating }) => rating.state === 'loading'),
    'models.loading-long': count(
      'models.loading-long',
      models,
      ({ rating }) => rating.state === 'loading' && rating.verdict.rating === 'breach',
    ),
    'models.busy': count('models.busy', models, ({ rating }) => rating.state === 'busy'),
  }
}

// A model server's address or id names its instance where it runs on one.
function subject({ service }: Probed): Subject {
  const id = /(?:^|\D)(\d{5,})(?:\D|$)/.exec(`${service.id} ${service.url}`)?.[1]
  return id === undefined ? `service:${service.id}` : `instance:${id}`
}
