/** A deliverable in a line: what it is called, and what kind of thing it is. */

import { sentenceOf } from '../../ui/actionWords'
import type { Deliverable } from '../wire'

const KINDS: Record<Deliverable['kind'], string> = { trade_order: 'Order', post: 'Post', report: 'Report' }

export function kindOf(deliverable: Deliverable): string {
  return KINDS[deliverable.kind]
}

export function titleOf(deliverable: Deliverable): string {
  if (deliverable.title) return deliverable.title
  return deliverable.draft ? sentenceOf(deliverable.draft.action) : kindOf(deliverable)
}

/** The text of a post as it would be published; none for other kinds. */
export function postTextOf({ draft }: Deliverable): string | undefined {
  return draft && 'text' in draft.action.params ? draft.action.params.text : undefined
}

/** When an approved post goes out by itself; none when it waits to be executed. */
export function publishesAt({ draft, scheduled_for }: Deliverable): string | undefined {
  if (draft && 'text' in draft.action.params)
    return draft.action.params.scheduled_for ?? scheduled_for ?? undefined
  return undefined
}
