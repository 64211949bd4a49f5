/** The states of an execution in words, and what each means for the customer. */

import type { Tone } from '../../ui/Timeline'
import type { ExecutionState } from '../wire'

interface Words {
  title: string
  tone?: Tone
  meaning: string
}

export const EXECUTION_WORDS: Record<ExecutionState, Words> = {
  released: {
    title: 'Released',
    tone: 'wait',
    meaning: 'The approval is used up, and it is about to be sent.',
  },
  sending: { title: 'Sent', tone: 'wait', meaning: 'It is on its way; the answer is awaited.' },
  unknown: {
    title: 'Outcome unknown',
    tone: 'wait',
    meaning:
      'It was sent, and no answer came. It may have been carried out or not; this is looked up until it is certain. It is never sent again.',
  },
  open: { title: 'Open', tone: 'wait', meaning: 'The exchange has the order, and it waits for its price.' },
  partially_filled: { title: 'Partly filled', tone: 'wait', meaning: 'A part of the order is carried out.' },
  filled: { title: 'Filled', tone: 'good', meaning: 'The whole order was carried out, once.' },
  cancelled: {
    title: 'Cancelled',
    meaning: 'The order is over. What was filled before stays; nothing more will be.',
  },
  rejected: {
    title: 'Rejected',
    tone: 'bad',
    meaning: 'It was refused where it was sent to. Nothing was carried out.',
  },
  expired: { title: 'Expired', tone: 'bad', meaning: 'It was not sent in time, so it was not sent at all.' },
  absent: {
    title: 'Never arrived',
    tone: 'bad',
    meaning: 'It is certain that it did not arrive. Nothing was carried out.',
  },
  vetoed: {
    title: 'Stopped before sending',
    tone: 'bad',
    meaning: 'Something no longer held at the last look, so it was not sent.',
  },
  published: { title: 'Published', tone: 'good', meaning: 'The post is out, once.' },
}
