import type { Delivery, ItemResult } from './delivery'
import type { Parsed, ParseFault } from './model'
import { parseAlertList } from './parse-alertmanager'
import { parseGeneric } from './parse-generic'
import { parsePagerDuty } from './parse-pagerduty'

/** parseDelivery understands a delivery; it never throws, and a fault in one alert costs only that alert. */
export function parseDelivery(delivery: Delivery): Parsed {
  try {
    return parse(delivery)
  } catch (error) {
    const reason = error instanceof Error ? error.message.slice(0, 200) : 'failed'
    return { messages: [], faults: [{ position: -1, reason: `the parser failed: ${reason}` }], truncated: 0 }
  }
}

function parse(delivery: Delivery): Parsed {
  switch (delivery.sender) {
    case 'alertmanager':
    case 'grafana':
      return parseAlertList(delivery, delivery.sender)
    case 'pagerduty':
      return single(parsePagerDuty(delivery))
    case 'generic':
      return single(parseGeneric(delivery))
    case 'vast':
      // The notification names its instance in prose only: it made us look at once, and holds nothing to store.
      return { messages: [], faults: [], truncated: 0 }
  }
}

function single(result: ItemResult): Parsed {
  const faults: ParseFault[] = result.kind === 'fault' ? [{ position: -1, reason: result.reason }] : []
  return { messages: result.kind === 'message' ? [result.message] : [], faults, truncated: 0 }
}
