import { z } from 'zod'
import { type Asked, type Audience, unescaped } from './command-text'
import { escapeSlack } from './replies'

/** SlackView is a form as Slack shows it in a window of its own. */
export type SlackView = Readonly<Record<string, unknown>>

/** DECLARE and UPDATE are the names of the two forms. */
export const DECLARE = 'incident.declare'
export const UPDATE = 'publication.update'

const TEXT_MAX = 2_900
const PROBLEM_MAX = 400
const SEVERITIES = ['P1', 'P2', 'P3', 'P4'] as const
const AUDIENCES: readonly Audience[] = ['internal', 'executive', 'public']

const plain = (text: string) => ({ type: 'plain_text', text })

/** hold is what comes back with a form; Slack signs it with the rest. `url` takes the answer. */
type Hold = { readonly url: string; readonly incident: string }

function view(
  name: string,
  { title, submit, hold }: { readonly title: string; readonly submit: string; readonly hold: Hold },
  blocks: readonly object[],
): SlackView {
  return {
    type: 'modal',
    callback_id: name,
    private_metadata: JSON.stringify(hold),
    title: plain(title),
    submit: plain(submit),
    close: plain('Cancel'),
    blocks,
  }
}

function choice(block: string, label: string, values: readonly string[], first: string): object {
  const option = (value: string) => ({ text: plain(value), value })
  return {
    type: 'input',
    block_id: block,
    label: plain(label),
    element: {
      type: 'static_select',
      action_id: 'value',
      options: values.map(option),
      initial_option: option(first),
    },
  }
}

/** declareForm asks how bad it is, and what is wrong and where. */
export function declareForm(url: string): SlackView {
  return view(DECLARE, { title: 'Declare an incident', submit: 'Declare', hold: { url, incident: '' } }, [
    choice('severity', 'How bad is it', SEVERITIES, 'P2'),
    {
      type: 'input',
      block_id: 'title',
      label: plain('What is wrong and where'),
      element: { type: 'plain_text_input', action_id: 'value', max_length: 160, focus_on_load: true },
    },
  ])
}

/** updateForm shows the drafted text of an incident and asks for whom it is, or for a text in its place. */
export function updateForm(about: {
  readonly url: string
  readonly incident: string
  readonly draft: { readonly title: string; readonly body: string } | undefined
}): SlackView {
  const { url, incident, draft } = about
  const drafted =
    draft === undefined
      ? `No text is drafted for ${escapeSlack(incident)}: write one.`
      : `The draft from the facts, to internal:\n*${escapeSlack(draft.title)}*\n${escapeSlack(draft.body)}`
  return view(UPDATE, { title: `Update ${incident}`.slice(0, 24), submit: 'Send', hold: { url, incident } }, [
    { type: 'section', text: { type: 'mrkdwn', text: drafted.slice(0, TEXT_MAX) } },
    choice('audience', 'For', AUDIENCES, 'internal'),
    {
      type: 'input',
      block_id: 'text',
      optional: draft !== undefined,
      label: plain('Text'),
      hint: plain('Without one, the draft for whom you chose is sent as it stands then.'),
      element: { type: 'plain_text_input', action_id: 'value', multiline: true, max_length: TEXT_MAX },
    },
  ])
}

const answer = z.object({
  value: z.object({
    value: z.string().nullish(),
    selected_option: z.object({ value: z.string() }).nullish(),
  }),
})
const submitted = z.object({
  callback_id: z.enum([DECLARE, UPDATE]),
  private_metadata: z.string().max(3_000),
  state: z.object({ values: z.record(z.string(), answer) }),
})
const held = z.object({ url: z.string().max(500), incident: z.string().max(40) })

/** Submitted is a form that was sent, understood; `block` is where a refusal is shown, `url` takes the answer. */
export type Submitted = { readonly asked: Asked; readonly block: string; readonly url: string }

/** submittedOf understands a form that was sent; undefined when it is none of ours. */
export function submittedOf(given: unknown): Submitted | undefined {
  const parsed = submitted.safeParse(given)
  if (!parsed.success) return undefined
  const { callback_id: name, private_metadata: kept, state } = parsed.data
  const hold = held.safeParse(jsonOf(kept))
  if (!hold.success) return undefined
  const { url, incident } = hold.data
  const typed = (block: string): string => unescaped((state.values[block]?.value.value ?? '').trim())
  const chosen = (block: string): string => state.values[block]?.value.selected_option?.value ?? ''
  if (name === UPDATE) {
    const audience = AUDIENCES.find((one) => one === chosen('audience'))
    if (audience === undefined) return undefined
    return { asked: { kind: 'update', incident, audience, text: typed('text') }, block: 'text', url }
  }
  const severity = SEVERITIES.find((one) => one === chosen('severity'))
  if (severity === undefined) return undefined
  return { asked: { kind: 'declare', severity, title: typed('title') }, block: 'title', url }
}

/** FormProblem is Slack's way to keep a form open and to say under a field what is wrong. */
export type FormProblem = {
  readonly response_action: 'errors'
  readonly errors: Readonly<Record<string, string>>
}

/** problemAt says under a field of a form why it was refused. */
export function problemAt(
  block: string,
  refusal: { readonly message: string; readonly issues?: readonly { readonly message: string }[] },
): FormProblem {
  const words = [refusal.message, ...(refusal.issues ?? []).map(({ message }) => message)].join(' ')
  return { response_action: 'errors', errors: { [block]: words.slice(0, PROBLEM_MAX) } }
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
