const SKILLS: Readonly<Record<string, string>> = {
  looks: 'Reading the four looks',
  machines: 'Machines and containers',
  cards: 'Telemetry of cards',
  workers: 'Workers and queues',
  account: 'Money, keys and limits',
  provider: 'The provider',
  'own-parts': 'Our own parts',
  sources: 'Trusting sources',
}

/** skillWords says what a drill trains. */
export function skillWords(trains: readonly string[]): string {
  return trains.map((skill) => SKILLS[skill] ?? skill).join(', ')
}

/** DIFFICULTIES by number, from 1. */
export const DIFFICULTIES: readonly string[] = ['', 'One fault, plainly told', 'With a twist', 'Hard']

/** stateWords says how far a drill is. */
export function stateWords(drill: {
  readonly state: string
  readonly isTold: boolean
  readonly incident: string | null
}): string {
  switch (drill.state) {
    case 'starting':
      return 'The world is being made ready.'
    case 'paused':
      return 'Held: what has begun goes on, and nothing more begins.'
    case 'ending':
      return 'The world is being given back as it was.'
    default:
      if (drill.incident === null) return 'Nobody has declared its incident yet.'
      return drill.isTold ? 'Everything has happened: find out what.' : 'It goes on.'
  }
}
