import { z } from 'zod'
import type { Seal } from '../platform/crypto'
import type { Sql } from '../platform/sql'
import { parseAddress } from './address'
import type { Links } from './links-verify'
import { askToConfirm, confirmOnce, countAttempt, endSubscription, isConfirmable } from './subscriber-store'

const HOUR_MS = 3_600_000
/** NETWORK_SIGN_UPS is how many sign-ups one network may send in an hour. */
export const NETWORK_SIGN_UPS = 20
/** ADDRESS_SIGN_UPS is how many mails that ask to confirm one address gets in an hour. */
export const ADDRESS_SIGN_UPS = 3

/** Desk is what the public forms need of the process around them. */
export type Desk = {
  /** within runs work in one transaction. */
  readonly within: <Result>(work: (sql: Sql) => Promise<Result>) => Promise<Result>
  readonly seal: Seal
  readonly links: Links
  readonly now: Date
}

/** SignUp is the form as it came: the address, the components asked for, and a field that people don't see. */
export type SignUp = {
  readonly address: string
  readonly components: readonly string[]
  readonly trap: string
  /** network is where the request came from. */
  readonly network: string
}

/** SignUpAnswer is the same for every address that could be one, whether or not it is known. */
export type SignUpAnswer = 'asked' | 'not-an-address' | 'too-many'

/** takeSignUp keeps a sign-up and queues the mail that asks to confirm it; rules S-SUB of docs/rules/subscribers.md. */
export async function takeSignUp(desk: Desk, form: SignUp, known: readonly string[]): Promise<SignUpAnswer> {
  const address = parseAddress(form.address)
  if (address === undefined) return 'not-an-address'
  const { links, seal, now } = desk
  return desk.within(async (sql) => {
    const network = { key: links.networkOf(form.network), most: NETWORK_SIGN_UPS, windowMs: HOUR_MS, now }
    if (!(await countAttempt(sql, network))) return 'too-many'
    if (form.trap !== '') return 'asked'
    const asker = { key: links.digestOf(address), most: ADDRESS_SIGN_UPS, windowMs: HOUR_MS, now }
    if (!(await countAttempt(sql, asker))) return 'asked'
    const components = form.components.filter((id) => known.includes(id))
    await askToConfirm(sql, { address, components, links, seal, now })
    return 'asked'
  })
}

/** LinkUse is what stands in a link of a mail: the subscriber and the token. */
export type LinkUse = { readonly id: string; readonly token: string }

/** linkUseOf reads the parameters of such a link; undefined when they can't be one. */
export function linkUseOf(parameters: URLSearchParams): LinkUse | undefined {
  const id = z.uuid().safeParse(parameters.get('s'))
  const token = z.hex().length(64).safeParse(parameters.get('t'))
  return id.success && token.success ? { id: id.data, token: token.data } : undefined
}

/** canConfirm tells whether a confirmation's link still works; looking uses nothing up. */
export function canConfirm(desk: Desk, use: LinkUse): Promise<boolean> {
  return desk.within((sql) => isConfirmable(sql, { ...use, links: desk.links, now: desk.now }))
}

/** confirm makes a subscription count; false when the link was used, is too old or never was one. */
export function confirm(desk: Desk, use: LinkUse): Promise<boolean> {
  return desk.within((sql) => confirmOnce(sql, { ...use, links: desk.links, now: desk.now }))
}

/** unsubscribe ends a subscription by the link of any of its mails, at once and as often as it is pressed. */
export async function unsubscribe(desk: Desk, use: LinkUse): Promise<boolean> {
  if (!desk.links.isEndToken(use.token, use.id)) return false
  await desk.within((sql) => endSubscription(sql, use.id, desk.now))
  return true
}
