import type { Http } from '../platform/http-types'

const DEADLINE_MS = 10_000

type Done = { readonly ok: true } | { readonly ok: false; readonly sentence: string }

/** createSimulatedWorld steers the simulated world at this address over its control calls. */
export function createSimulatedWorld({ url, http }: { readonly url: string; readonly http: Http }) {
  async function post(path: string, body: unknown): Promise<Done> {
    const answer = await http.request({
      url: `${url.replace(/\/+$/, '')}/control/${path}`,
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
      deadlineMs: DEADLINE_MS,
      expect: 'json',
      accept: [200, 400],
    })
    if (!answer.ok) return { ok: false, sentence: `The simulated world does not do it: ${answer.detail}.` }
    if (answer.value.status === 200) return { ok: true }
    return { ok: false, sentence: `The simulated world refuses it: ${refusalOf(answer.value.json)}.` }
  }

  return {
    play: (scenario: Readonly<Record<string, unknown>>) =>
      post('scenario', { yaml: JSON.stringify(scenario), keepWorld: true }),
    happen: (id: string, event: Readonly<Record<string, unknown>>) =>
      post('inject', { id, timeline: [event] }),
    restore: () => post('scenario', { restore: true }),
  }
}

function refusalOf(json: unknown): string {
  const { error, issues } = (json ?? {}) as { readonly error?: unknown; readonly issues?: unknown }
  const [first] = Array.isArray(issues) ? (issues as readonly { reason?: unknown; message?: unknown }[]) : []
  const reason = first?.reason ?? first?.message ?? error
  return typeof reason === 'string' ? reason : 'it gives no reason'
}
