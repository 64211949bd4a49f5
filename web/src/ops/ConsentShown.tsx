/** How the customer told an operator to go ahead, as it is on record. */

import { Text } from '@mantine/core'

import { Moment } from '../ui/Moment'
import { VisibleText } from '../ui/VisibleText'
import type { Consent } from './approvals'

export function ConsentShown({ consent }: { consent: Consent | null | undefined }) {
  if (!consent) return <Text size="sm">none recorded</Text>
  return (
    <Text size="sm" component="div">
      <VisibleText text={`${consent.channel}: ${consent.reference}`} />, <Moment at={consent.obtained_at} />
      {consent.note && (
        <div>
          <VisibleText text={consent.note} />
        </div>
      )}
    </Text>
  )
}
