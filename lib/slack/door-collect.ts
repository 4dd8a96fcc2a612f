import { createHash } from 'node:crypto'
import { z } from 'zod'
import { rolesOf } from '../access/permissions'
import type { Console } from '../console'
import type { Actor } from '../operation'
import { sha256Hex } from '../platform/crypto'
import { asAppError } from '../platform/db'
import { AppError } from '../platform/errors'
import { askedOf, formOf } from './command-text'
import { carryOut, press, type Showing, showForm } from './deeds-commands'
import { type FormProblem, problemAt, type SlackView, submittedOf } from './forms'
import { escapeSlack, NOTHING, onlyToYou, refusalText, type SlackReply } from './replies'
import { personOfSlack, takeOnce } from './request-store'
import { readSigningSecret } from './settings-load'
import { isFromSlack } from './signature-verify'

/** MAX_SLACK_BYTES is the most that one request of Slack may have. */
export const MAX_SLACK_BYTES = 100_000

const ANSWER_MS = 2_500

/** SlackRequest is a request as it came; `body` is the raw text that was signed. */
export type SlackRequest = {
  readonly timestamp: string | null
  readonly signature: string | null
  readonly body: string
}

/** SlackAnswer is the HTTP answer; without a reply it is a bare 200, which also closes a form. */
export type SlackAnswer = {
  readonly status: number
  readonly reply?: SlackReply
  /** problem keeps a form open. */
  readonly problem?: FormProblem
}

const pressedBody = z.object({
  type: z.literal('block_actions'),
  user: z.object({ id: z.string().max(40) }),
  response_url: z.string().max(500).optional(),
  actions: z.array(z.object({ action_id: z.string().max(255), value: z.string().max(2_000) })).min(1),
})

const sentBody = z.object({
  type: z.literal('view_submission'),
  user: z.object({ id: z.string().max(40) }),
  view: z.unknown(),
})

/** Answering says how long an answer may take, 2.5 s unless told, and how a later one is sent to the address that came with the request. */
export type Answering = {
  readonly answerMs?: number
  readonly later: (url: string, reply: SlackReply) => Promise<void>
  /** show opens a form for the trigger and workspace that came with a request; '' when Slack did, why not, or undefined without a bot. */
  readonly show: (
    from: { readonly trigger: string; readonly team: string },
    view: SlackView,
  ) => Promise<string | undefined>
}

/**
 * takeSlack answers a request of Slack within three seconds: 401 without a signature that holds or when it was taken before,
 * else 200 with what came of it, in words. What takes longer is said at the request's response address.
 */
export async function takeSlack(
  app: Console,
  request: SlackRequest,
  answering: Answering,
): Promise<SlackAnswer> {
  const now = app.clock.now()
  const { secret } = await readSigningSecret(app)
  if (!isFromSlack(secret, { ...request, now })) return { status: 401 }
  const key = sha256Hex(`${request.timestamp}\n${request.signature}`)
  if (!(await takeOnce(app.hot, key, now))) return { status: 401 }
  const form = new URLSearchParams(request.body)
  if (form.get('ssl_check') === '1') return { status: 200 }
  const { user, url, work, block } = understood(form, answering)
  if (work === undefined) return { status: 200, reply: onlyToYou('Watchfloor does not know this request.') }
  const doing = outcomeOf(app, { user, key, now, work })
  if (block !== undefined) return answerForm(doing, { block, url, answering })
  const reply = await inTime(doing, url, answering)
  return reply === NOTHING ? { status: 200 } : { status: 200, reply }
}

type Work = (as: Parameters<typeof carryOut>[0]) => Promise<SlackReply>

type Understood = {
  readonly user: string
  readonly url: string
  readonly work: Work | undefined
  /** block is the field of a form that was sent, under which a refusal is said. */
  readonly block?: string
}

const UNKNOWN: Understood = { user: '', url: '', work: undefined }

function understood(form: URLSearchParams, { show }: Answering): Understood {
  const payload = form.get('payload')
  if (payload !== null) return pressedOrSent(jsonOf(payload))
  const user = form.get('user_id') ?? ''
  const url = form.get('response_url') ?? ''
  if (!form.has('command')) return { user, url, work: undefined }
  const text = form.get('text') ?? ''
  const wanted = formOf(text)
  const trigger = form.get('trigger_id') ?? ''
  if (wanted === undefined || trigger === '') return { user, url, work: (as) => carryOut(as, askedOf(text)) }
  const from = { trigger, team: form.get('team_id') ?? '' }
  const showing: Showing = (view) => show(from, view)
  return { user, url, work: (as) => showForm(as, wanted, { url, show: showing, text }) }
}

function pressedOrSent(payload: unknown): Understood {
  const sent = sentBody.safeParse(payload)
  if (sent.success) {
    const given = submittedOf(sent.data.view)
    if (given === undefined) return UNKNOWN
    const { asked, url, block } = given
    return { user: sent.data.user.id, url, block, work: (as) => carryOut(as, asked) }
  }
  const parsed = pressedBody.safeParse(payload)
  if (!parsed.success) return UNKNOWN
  const { user, response_url: url = '', actions } = parsed.data
  const [action] = actions
  return { user: user.id, url, work: action && ((as) => press(as, action)) }
}

/** A form closes when what it asked for is done or takes longer than Slack waits; what came of it is said where it was called. */
async function answerForm(
  doing: Promise<Outcome>,
  { block, url, answering }: { readonly block: string; readonly url: string; readonly answering: Answering },
): Promise<SlackAnswer> {
  const outcome = await beforeLate(doing, answering)
  if (outcome?.refused) return { status: 200, problem: problemAt(block, outcome.refused) }
  void doing.then(({ reply }) => answering.later(url, reply)).catch(() => undefined)
  return { status: 200 }
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** Outcome is what came of a request; `refused` says why nothing was done. */
type Outcome = {
  readonly reply: SlackReply
  readonly refused?: { readonly message: string; readonly issues?: AppError['issues'] }
}

function refusedWith(message: string): Outcome {
  return { reply: onlyToYou(message), refused: { message } }
}

async function outcomeOf(
  app: Console,
  job: { readonly user: string; readonly key: string; readonly now: Date; readonly work: Work },
): Promise<Outcome> {
  const { user, key, now, work } = job
  try {
    const actor = await actorOf(app, user)
    if (actor === undefined)
      return refusedWith(
        `Nobody here is known as your Slack account (${escapeSlack(user)}). An admin can say who you are under Settings, Slack.`,
      )
    const scope = { console: app, actor, now, requestId: `slack-${key.slice(0, 32)}` }
    return { reply: await work({ scope, key: uuidOf(key) }) }
  } catch (error) {
    const known = asAppError(error)
    if (known instanceof AppError) return { reply: onlyToYou(refusalText(known)), refused: known }
    app.log.error({ err: error }, 'a request of Slack failed')
    return refusedWith('Not done: Watchfloor failed. It stands in its log; use the console.')
  }
}

async function actorOf(app: Console, user: string): Promise<Actor | undefined> {
  const person = user === '' ? undefined : await personOfSlack(app.hot, user)
  if (person === undefined) return undefined
  return {
    kind: 'person',
    id: person.id,
    handle: person.handle,
    name: person.name,
    roles: rolesOf(person.roles),
    sessionId: 'slack',
    // Slack vouches for an account, not for a password typed now: what asks for one is done in the console.
    authAt: new Date(0),
  }
}

/** The same signed request is the same deed. */
function uuidOf(key: string): string {
  const hex = createHash('sha256').update(`slack\n${key}`).digest('hex')
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `4${hex.slice(13, 16)}`,
    `8${hex.slice(17, 20)}`,
    hex.slice(20, 32),
  ].join('-')
}

async function beforeLate(
  doing: Promise<Outcome>,
  { answerMs = ANSWER_MS }: Answering,
): Promise<Outcome | undefined> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), answerMs)
  })
  return Promise.race([doing, late]).finally(() => clearTimeout(timer))
}

async function inTime(doing: Promise<Outcome>, url: string, answering: Answering): Promise<SlackReply> {
  const outcome = await beforeLate(doing, answering)
  if (outcome !== undefined) return outcome.reply
  void doing
    .then(({ reply }) => (reply === NOTHING ? undefined : answering.later(url, reply)))
    .catch(() => undefined)
  return onlyToYou('Watchfloor is still working on it and will say here what came of it.')
}
