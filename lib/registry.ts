import type { z } from 'zod'
import { accessOperations } from './access/operations'
import { actionItemsOperations } from './action-items/operations'
import { actionsOperations } from './actions/operations'
import { alertsOperations } from './alerts/operations'
import { auditOperations } from './audit/operations'
import { checklistOperations } from './checklists/operations'
import { deliveryOperations } from './delivery/operations'
import { deploymentsOperations } from './deployments/operations'
import { drillsOperations } from './drills/operations'
import { evidenceOperations } from './evidence/operations'
import { flagsOperations } from './flags/operations'
import { healthOperations } from './health/operations'
import { incidentOperations } from './incidents/operations'
import { insightsOperations } from './insights/operations'
import { libraryOperations } from './library/operations'
import { migrationsOperations } from './migrations/operations'
import type { AnyCommand, AnyQuery, Command, Query } from './operation'
import { AppError } from './platform/errors'
import { postmortemsOperations } from './postmortems/operations'
import { publicationsOperations } from './publications/operations'
import { remindersOperations } from './reminders/operations'
import { rolloutsOperations } from './rollouts/operations'
import { runbooksOperations } from './runbooks/operations'
import { settingsOperations } from './settings/operations'
import { slackOperations } from './slack/operations'
import { statusOperations } from './status/operations'
import { subscribersOperations } from './subscribers/operations'
import { triageOperations } from './triage/operations'

/** OPERATIONS is the map of the product: every command and query that any door can reach. */
export const OPERATIONS = [
  ...accessOperations,
  ...actionItemsOperations,
  ...actionsOperations,
  ...alertsOperations,
  ...auditOperations,
  ...checklistOperations,
  ...deliveryOperations,
  ...deploymentsOperations,
  ...drillsOperations,
  ...evidenceOperations,
  ...flagsOperations,
  ...healthOperations,
  ...incidentOperations,
  ...insightsOperations,
  ...libraryOperations,
  ...postmortemsOperations,
  ...migrationsOperations,
  ...publicationsOperations,
  ...remindersOperations,
  ...rolloutsOperations,
  ...runbooksOperations,
  ...settingsOperations,
  ...slackOperations,
  ...subscribersOperations,
  ...statusOperations,
  ...triageOperations,
] as const

type Operation = (typeof OPERATIONS)[number]

/** QueryName is the name of a query in the registry. */
export type QueryName = Extract<Operation, { type: 'query' }>['name']

/** CommandName is the name of a command in the registry. */
export type CommandName = Extract<Operation, { type: 'command' }>['name']

type QueryNamed<Name extends QueryName> = Extract<Operation, { type: 'query'; name: Name }>
type CommandNamed<Name extends CommandName> = Extract<Operation, { type: 'command'; name: Name }>

/** QueryInput is what a query takes, before parsing. */
export type QueryInput<Name extends QueryName> =
  QueryNamed<Name> extends Query<string, infer Input, unknown> ? z.input<Input> : never

/** QueryResult is what a query gives; instants arrive in the browser as ISO texts. */
export type QueryResult<Name extends QueryName> = Awaited<ReturnType<QueryNamed<Name>['run']>>

/** CommandInput is what a command takes, before parsing. */
export type CommandInput<Name extends CommandName> =
  CommandNamed<Name> extends Command<string, infer Input, unknown, infer _Before> ? z.input<Input> : never

/** CommandResult is the answer of a command. */
export type CommandResult<Name extends CommandName> = Awaited<ReturnType<CommandNamed<Name>['run']>>['result']

/** ALL_OPERATIONS is the same list as anything that walks over operations sees it. */
export const ALL_OPERATIONS = OPERATIONS as unknown as readonly (AnyCommand | AnyQuery)[]

const byName = new Map<string, AnyCommand | AnyQuery>()
for (const operation of ALL_OPERATIONS) {
  if (byName.has(operation.name)) throw new Error(`Two operations are called ${operation.name}`)
  byName.set(operation.name, operation)
}

/** findCommand gives the command of this name; throws not_found. */
export function findCommand(name: string): AnyCommand {
  const found = byName.get(name)
  if (found?.type !== 'command') throw new AppError('not_found', `There is no command ${name}.`)
  return found
}

/** findQuery gives the query of this name; throws not_found. */
export function findQuery(name: string): AnyQuery {
  const found = byName.get(name)
  if (found?.type !== 'query') throw new AppError('not_found', `There is no query ${name}.`)
  return found
}
