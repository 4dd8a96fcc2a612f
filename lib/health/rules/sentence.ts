import type { Rating } from '../model'
import type { PlaneRow, QueueRow } from '../wire'

/** SentencePart is a run of the board's sentence in one tone; parts join without added spaces. */
export type SentencePart = { readonly text: string; readonly tone: 'plain' | Rating }

/** SentenceInput is what the sentence speaks of; all of it is in a Snapshot, so the browser may build it. */
export type SentenceInput = {
  /** gpus counts those in service by rating; `serving` counts those with work on them, where known. */
  readonly gpus: Readonly<Record<Rating, number>> & { readonly outOfService?: number }
  readonly planes: readonly PlaneRow[]
  readonly queues: readonly QueueRow[]
  /** incidents are the open ones, most severe first. */
  readonly incidents?: readonly {
    readonly severity: string
    readonly title: string
    readonly minutes: number
  }[]
  /** lastReadingSeconds is the age of the newest reading of the fleet; undefined = never. */
  readonly lastReadingSeconds?: number
}

/** boardSentence says the state of everything in one sentence, calm when all is well, never calm about what is unread. */
export function boardSentence(_input: SentenceInput): readonly SentencePart[] {
  return [{ text: 'Nothing has been read yet.', tone: 'unknown' }]
}
