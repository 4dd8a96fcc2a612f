import { type LimitFault, tooLong } from './limits'
import type { ComponentState } from './model'
import type { Outgoing } from './outgoing'
import { isTouched, STATUS_WORDS } from './words'

const TITLE_MAX = 255
const BODY_MAX = 25_000

/** PageUpdate is a message as our own status page shows it; `paragraphs` are plain text. */
export type PageUpdate = {
  readonly title: string
  readonly status: string
  readonly paragraphs: readonly string[]
  readonly components: readonly { readonly name: string; readonly state: ComponentState }[]
  readonly nextUpdateAt: string | null
}

/** pageUpdate gives the text of our own page: no name of ours, no severity, no commander. */
export function pageUpdate(out: Outgoing): PageUpdate {
  return {
    title: out.title,
    status: STATUS_WORDS[out.status],
    paragraphs: out.body
      .split(/\n{2,}/)
      .map((text) => text.trim())
      .filter(Boolean),
    components: out.components.filter(isTouched).map(({ name, to }) => ({ name, state: to })),
    nextUpdateAt: out.nextUpdateAt,
  }
}

/** pageLimits gives what is too long for the page, its feeds and its JSON. */
export function pageLimits(out: Outgoing): readonly LimitFault[] {
  return [...tooLong('Page title', out.title, TITLE_MAX), ...tooLong('Page text', out.body, BODY_MAX)]
}
