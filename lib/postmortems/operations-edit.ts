import { addComment, settleThread } from './commands-comments'
import { saveSection } from './commands-edit'
import { dropNode, nameNode, proposeChange } from './commands-nodes'
import { beHere } from './commands-presence'
import { approve, askChanges, askReview, close, publish, reopen, takeBack } from './commands-review'
import { called, comments, history, ofProposal, review, revision, scenario, trees } from './queries-edit'
import { present } from './queries-presence'

/** editOperations are how a postmortem is written, remarked upon and reviewed. */
export const editOperations = [
  addComment,
  approve,
  askChanges,
  askReview,
  beHere,
  called,
  close,
  comments,
  dropNode,
  history,
  nameNode,
  ofProposal,
  present,
  proposeChange,
  publish,
  reopen,
  review,
  revision,
  saveSection,
  scenario,
  settleThread,
  takeBack,
  trees,
] as const
