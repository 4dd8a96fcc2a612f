import { createSimulatedWorld } from './actuators/simulated-world'
import type { Console } from './console'
import type { Reach } from './drills/ports'
import { systemClock } from './platform/clock'
import { createHttp } from './platform/http'
import { ruleFor } from './platform/ssrf'
import { readSourceConfigs } from './settings/store'

/** worldOf gives the way to the simulated world; none where a source watches anything else, so that no drill meets a real one. */
export async function worldOf(console: Console): Promise<Reach & { readonly close: () => Promise<void> }> {
  const nothing = async (): Promise<void> => undefined
  const { WATCHFLOOR_SIMULATED, WATCHFLOOR_SIMULATOR_URL: url } = console.env
  if (!WATCHFLOOR_SIMULATED || url === undefined)
    return {
      kind: 'none',
      why: 'This console watches a real world, and drills are played in a simulated one only. Start one beside it with npm run up.',
      close: nothing,
    }
  const { configs } = await readSourceConfigs(console)
  const { host } = new URL(url)
  const real = [
    ['Vast.ai', configs.vast?.apiUrl],
    ['Prometheus', configs.prometheus?.url],
    ['the status page', configs.statuspage?.url],
    ['Kubernetes', configs.kubernetes?.url],
    ['Alertmanager', configs.alertmanager?.url],
  ].flatMap(([name, address]) => (address && new URL(address).host !== host ? [name] : []))
  if (real.length > 0)
    return {
      kind: 'none',
      why: `Some sources are real: ${real.join(', ')}. A drill would mix what is played with what is so.`,
      close: nothing,
    }
  const http = createHttp({ allow: [ruleFor(url)], clock: systemClock })
  return { kind: 'simulated', world: createSimulatedWorld({ url, http }), close: () => http.close() }
}
