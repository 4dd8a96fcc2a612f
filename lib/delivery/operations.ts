import { configure, giveUp, markSent, pause, remove, resume, retry, test } from './commands'
import { channelNotices, channelsList, outcomesOf } from './queries'

/** deliveryOperations are the operations of this room. */
export const deliveryOperations = [
  channelsList,
  channelNotices,
  outcomesOf,
  configure,
  remove,
  test,
  pause,
  resume,
  retry,
  markSent,
  giveUp,
] as const
