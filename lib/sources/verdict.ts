import type { HttpFailure } from '../platform/http-types'
import type { SourceFailure, TestVerdict } from './source'

/** TestSubject names what was tried, for the sentences of a failed test. */
export type TestSubject = {
  readonly name: string
  /** address is where it was tried, without credentials. */
  readonly address: string
  /** credential names the setting that holds the key. */
  readonly credential: string
}

/** failedTest turns a failed call into what happened and what to do. */
export function failedTest(problem: SourceFailure | HttpFailure, subject: TestSubject): TestVerdict {
  const { name, address, credential } = subject
  const say = (sentence: string, repair: string): TestVerdict => ({ ok: false, sentence, repair })
  switch (problem.why) {
    case 'source_refused':
      return say(
        `${name} refused our credential (${problem.detail}).`,
        `Put a valid key into ${credential} and check that it has the read rights that this source needs.`,
      )
    case 'rate_limited':
      return say(
        `${name} limits our rate (${problem.detail}).`,
        'Wait a minute, then test again. If it stays, another program uses the same key, or the interval is too short.',
      )
    case 'source_unreachable':
      return say(
        `${name} at ${address} does not answer (${problem.detail}).`,
        'Check the address and port, that the service runs, and that this machine may reach it.',
      )
    case 'source_error':
      return say(
        `${name} answered with an error (${problem.detail}).`,
        `Look at the log of ${name}; then test again.`,
      )
    case 'schema_mismatch':
      return say(
        `${name} answered, but not in the expected form (${problem.detail}).`,
        'Check that the address leads to the service itself and not to a sign-in page or proxy.',
      )
    case 'not_evaluated':
      return say(
        `${name} was not called: ${problem.detail}`,
        'Add this host and port to the allow-list, or correct the address.',
      )
    default:
      return say(`${name}: ${problem.detail}`, 'Check the settings of this source.')
  }
}

/** addressOf gives scheme, host and port of a URL for display; credentials, path and query are cut. */
export function addressOf(url: string): string {
  try {
    return new URL(url).origin
  } catch {
    return 'an address that is not a URL'
  }
}
