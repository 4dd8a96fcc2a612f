import { factOf } from '../comms/catalogue'
import type { Fact, Facts } from '../comms/model'
import type { SaidFacts, Situation } from './situation'

/** saidFacts turns what a person told into facts, with who said so as their source. */
export function saidFacts(said: SaidFacts, by: string, now: Date): Facts {
  return Object.fromEntries(
    Object.entries(said).flatMap(([id, value]): [string, Fact][] => {
      const fact = factOf({ id, value: value.trim(), asOf: now.toISOString(), source: `@${by}` })
      return fact === undefined || value.trim() === '' ? [] : [[id, fact]]
    }),
  )
}

/** withSaid puts what a person told into a situation, over what was read. */
export function withSaid(situation: Situation, said: SaidFacts, by: string): Situation {
  const workaround = said.workaround?.trim() || situation.incident.workaround
  return {
    ...situation,
    incident: { ...situation.incident, workaround },
    facts: { ...situation.facts, ...saidFacts(said, by, new Date(situation.nowMs)) },
  }
}

/** saidBefore gives the facts of a stored message that a person told, as of now: whoever approves them says so too. */
export function saidBefore(facts: Facts, now: Date): Facts {
  return Object.fromEntries(
    Object.entries(facts)
      .filter(([, fact]) => fact.source.startsWith('@'))
      .map(([id, fact]) => [id, { ...fact, asOf: now.toISOString() }]),
  )
}
