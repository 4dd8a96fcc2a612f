import type { z } from 'zod'
import { acknowledge, declare } from '../incidents/commands-declare'
import { addNote } from '../incidents/commands-work'
import { byId, open } from '../incidents/queries'
import type { AnyCommand, AnyQuery, Command, Query, Scope } from '../operation'
import { AppError } from '../platform/errors'
import { approve, refuse } from '../publications/commands'
import { publish } from '../publications/commands-publish'
import { draft, ofIncident } from '../publications/queries'
import { runCommand, runQuery } from '../run'
import { type Asked, askedOf, type Form, HELP } from './command-text'
import { declareForm, type SlackView, updateForm } from './forms'
import {
  APPROVE,
  approvalReply,
  escapeSlack,
  NOTHING,
  onlyToYou,
  pressedOf,
  REFUSE,
  type SlackReply,
  type Waiting,
} from './replies'

/** Doing is in whose name something is done, and the key under which a repeat does nothing twice. */
export type Doing = { readonly scope: Scope; readonly key: string }

function ask<Name extends string, Input extends z.ZodType, Result>(
  { scope }: Doing,
  query: Query<Name, Input, Result>,
  input: z.input<Input>,
): Promise<Result> {
  return runQuery(query as unknown as AnyQuery, scope, input) as Promise<Result>
}

function make<Name extends string, Input extends z.ZodType, Result, Before>(
  { scope, key }: Doing,
  command: Command<Name, Input, Result, Before>,
  input: z.input<Input>,
): Promise<Result> {
  return runCommand(command as unknown as AnyCommand, scope, input, key) as Promise<Result>
}

/** carryOut does what was asked with the permissions of the person and says what came of it; throws AppError. */
export async function carryOut(doing: Doing, asked: Asked): Promise<SlackReply> {
  switch (asked.kind) {
    case 'help':
      return onlyToYou(asked.why === undefined ? HELP : `${escapeSlack(asked.why)}\n${HELP}`)
    case 'declare': {
      const made = await make(doing, declare, { title: asked.title, severity: asked.severity })
      return onlyToYou(
        `${link(doing, made.name)} is declared as ${asked.severity}. Answer it: /inc ack ${made.name}`,
      )
    }
    case 'status':
      return statusOf(doing, asked.incident)
    case 'note': {
      const incident = await meant(doing, asked.incident)
      await make(doing, addNote, { id: incident.id, text: asked.text })
      return onlyToYou(`Noted in ${link(doing, incident.name)}.`)
    }
    case 'ack': {
      const incident = await meant(doing, asked.incident)
      const { isFirst, isCommander, by } = await make(doing, acknowledge, { id: incident.id })
      if (!isFirst)
        return onlyToYou(`@${escapeSlack(by)} has answered ${link(doing, incident.name)} already.`)
      return onlyToYou(
        `You have answered ${link(doing, incident.name)}${isCommander ? ' and are in command' : ''}.`,
      )
    }
    case 'update':
      return say(doing, asked)
  }
}

/** Showing opens a form in Slack: '' when it did, why not when Slack refused, undefined where there is no bot to ask. */
export type Showing = (view: SlackView) => Promise<string | undefined>

/** showForm opens the form of a command that says nothing yet; without a bot the command counts as it was typed. Throws AppError. */
export async function showForm(
  doing: Doing,
  form: Form,
  { url, show, text }: { readonly url: string; readonly show: Showing; readonly text: string },
): Promise<SlackReply> {
  const problem = await show(form.of === 'declare' ? declareForm(url) : await updateView(doing, form, url))
  if (problem === undefined) return carryOut(doing, askedOf(text))
  if (problem === '') return NOTHING
  return onlyToYou(`Slack opened no form (${escapeSlack(problem)}), and nothing was done. Type it:\n${HELP}`)
}

async function updateView(
  doing: Doing,
  { incident: name }: Extract<Form, { of: 'update' }>,
  url: string,
): Promise<SlackView> {
  const incident = await meant(doing, name)
  const { drafts } = await ask(doing, draft, { incidentId: incident.id })
  const drafted = drafts.find(({ audience }) => audience === 'internal')
  return updateForm({ url, incident: incident.name, draft: drafted?.frozen })
}

/** press approves or refuses the message that a button stands under, exactly as it was shown there; throws AppError. */
export async function press(
  doing: Doing,
  action: { readonly action_id: string; readonly value: string },
): Promise<SlackReply> {
  const pressed = pressedOf(action.value)
  if (pressed === undefined) return onlyToYou('This button is none of Watchfloor’s.')
  const { scope } = doing
  const handle = scope.actor.kind === 'person' ? scope.actor.handle : scope.actor.id
  switch (action.action_id) {
    case APPROVE: {
      const { publication } = await make(doing, approve, { id: pressed.id, hash: pressed.hash })
      return onlyToYou(`You approved “${escapeSlack(publication.title)}”. It leaves in a few seconds.`)
    }
    case REFUSE: {
      const reason = `Refused in Slack by @${handle}: ask them what is to be changed.`
      const { publication } = await make(doing, refuse, { id: pressed.id, reason })
      return onlyToYou(
        `You refused “${escapeSlack(publication.title)}”. Tell @${escapeSlack(publication.author)} why.`,
      )
    }
    default:
      return onlyToYou('This button is none of Watchfloor’s.')
  }
}

type Meant = { readonly id: string; readonly name: string; readonly visibility: string }

/** The incident that was named, or the only one that goes on. */
async function meant(doing: Doing, name: string | undefined): Promise<Meant> {
  if (name !== undefined) {
    const { id, name: full, visibility } = await ask(doing, byId, { ref: name })
    return { id, name: full, visibility }
  }
  const { incidents } = await ask(doing, open, {})
  const [only, ...others] = incidents
  if (only === undefined) throw new AppError('not_found', 'No incident goes on.')
  if (others.length === 0) return only
  const names = incidents.slice(0, 10).map((one) => `${one.name} (${one.title.slice(0, 60)})`)
  throw new AppError('invalid', `Several go on; name one: ${names.join(', ')}.`)
}

async function statusOf(doing: Doing, name: string | undefined): Promise<SlackReply> {
  if (name === undefined) {
    const { incidents } = await ask(doing, open, {})
    if (incidents.length === 0) return onlyToYou('No incident goes on.')
    if (incidents.length > 1)
      return onlyToYou(
        incidents
          .slice(0, 15)
          .map((one) => `${link(doing, one.name)} ${one.severity} ${one.status}: ${escapeSlack(one.title)}`)
          .join('\n'),
      )
  }
  const { id } = await meant(doing, name)
  const incident = await ask(doing, byId, { ref: id })
  const commander = incident.roles.find(({ role }) => role === 'commander')
  const next = incident.clocks.find((clock) => clock.state !== 'met')
  const { publications } = await ask(doing, ofIncident, { incidentId: id })
  const waiting = publications.find((one) => one.state === 'waiting')
  const lines = [
    `${link(doing, incident.name)} ${incident.severity} ${incident.status}: ${escapeSlack(incident.title)}`,
    incident.impact === '' ? '' : escapeSlack(incident.impact),
    `Commander: ${commander === undefined ? 'nobody' : `@${escapeSlack(commander.handle)}`}`,
    next === undefined ? '' : `Next due: ${escapeSlack(next.title)}, ${timeOf(next.dueAtMs)}`,
  ].filter((part) => part !== '')
  if (waiting === undefined) return onlyToYou(lines.join('\n'))
  const shown = approvalReply(incident.name, waiting, 'ephemeral')
  return {
    ...shown,
    text: lines.join('\n'),
    blocks: [{ type: 'section', text: { type: 'mrkdwn', text: lines.join('\n') } }, ...(shown.blocks ?? [])],
  }
}

async function say(doing: Doing, asked: Extract<Asked, { kind: 'update' }>): Promise<SlackReply> {
  const { audience, text } = asked
  const incident = await meant(doing, asked.incident)
  const { drafts } = await ask(doing, draft, { incidentId: incident.id })
  const drafted = drafts.find((one) => one.audience === audience)
  if (drafted === undefined)
    throw new AppError('invalid', `There is no draft for ${audience}: write it in the console.`)
  const { publications } = await make(doing, publish, {
    incidentId: incident.id,
    nextUpdateAt: drafted.nextUpdateAt,
    texts: [
      {
        audience,
        title: drafted.title,
        body: text === '' ? drafted.body : text,
        told: { ...drafted.told },
      },
    ],
  })
  const [made] = publications
  if (made === undefined) throw new AppError('internal', 'Nothing was published.')
  if (made.state === 'waiting') {
    // The channel holds people whom a restricted incident does not name.
    const reach = incident.visibility === 'restricted' ? 'ephemeral' : 'in_channel'
    return approvalReply(incident.name, waitingOf(made), reach)
  }
  const warnings = made.findings.slice(0, 8).map(({ rule, why }) => `• ${escapeSlack(`${rule}: ${why}`)}`)
  return onlyToYou(
    [
      `The update of ${link(doing, incident.name)} to ${audience} leaves in a few seconds.`,
      ...(warnings.length === 0 ? [] : ['What stands against it, and does not stop it:', ...warnings]),
    ].join('\n'),
  )
}

function waitingOf({ id, hash, audience, title, body, author }: Waiting): Waiting {
  return { id, hash, audience, title, body, author }
}

function link({ scope }: Doing, name: string): string {
  const { WATCHFLOOR_PUBLIC_URL, NEXTAUTH_URL } = scope.console.env
  return `<${(WATCHFLOOR_PUBLIC_URL ?? NEXTAUTH_URL).replace(/\/+$/, '')}/incidents/${name}|${name}>`
}

function timeOf(atMs: number): string {
  return `${new Date(atMs).toISOString().slice(11, 16)} UTC`
}
