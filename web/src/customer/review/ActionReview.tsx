/** A draft with an action: shown exactly, decided on, carried out. */

import { Card, Grid, Stack, Text, Title } from '@mantine/core'
import { useState } from 'react'

import { DraftChanged } from '../../ui/DraftChanged'
import { ExactAction } from '../../ui/ExactAction'
import { RiskPicture } from '../../ui/RiskPicture'
import { hiddenOf } from '../../ui/visibleParts'
import type { Approval, Deliverable } from '../wire'
import { PriceFacts } from './PriceFacts'
import { ReportBody } from './ReportBody'
import { WhatNow } from './WhatNow'

interface ActionReviewProps {
  deliverable: Deliverable
  draft: NonNullable<Deliverable['draft']>
  approval: Approval | null | undefined
  /** The last look at the portal went well, so that what is here is what is true. */
  isCertain: boolean
  onLookAgain: () => void
}

const KNOWN_ELSEWHERE = ['count', 'limit', 'unit', 'used']

export function ActionReview({ deliverable, draft, approval, isCertain, onLookAgain }: ActionReviewProps) {
  const [read, setRead] = useState(draft.action_hash)
  const [shown, setShown] = useState<string>()
  const isChanged = read !== draft.action_hash
  const isExact = shown === draft.action_hash && !isChanged && isCertain
  return (
    <>
      {isChanged && (
        <DraftChanged
          advice="Nothing was approved. Read it again before you decide."
          onRead={() => setRead(draft.action_hash)}
        />
      )}
      <Grid gap="lg">
        <Grid.Col span={{ base: 12, md: 7 }}>
          <Card withBorder component="section" aria-labelledby="exactly">
            <Title order={2} size="h3" id="exactly" mb="sm">
              Exactly this would be sent
            </Title>
            <ExactAction
              action={draft.action}
              actionHash={draft.action_hash}
              hidden={hiddenOf(deliverable.body)}
              onShown={setShown}
            />
          </Card>
        </Grid.Col>
        <Grid.Col span={{ base: 12, md: 5 }}>
          <Stack>
            <Card withBorder component="section" aria-labelledby="decision">
              <Title order={2} size="h3" id="decision" mb="sm">
                {headingOf(deliverable)}
              </Title>
              <WhatNow
                deliverable={deliverable}
                approval={approval}
                shownHash={isExact ? shown : undefined}
                isCertain={isCertain}
                onLookAgain={onLookAgain}
              />
            </Card>
            <Background deliverable={deliverable} draft={draft} />
          </Stack>
        </Grid.Col>
      </Grid>
      {draft.risk && (
        <section aria-labelledby="risk">
          <Title order={2} size="h3" id="risk" mb="sm">
            Risk checks
          </Title>
          <RiskPicture risk={draft.risk} />
        </section>
      )}
    </>
  )
}

function Background({ deliverable, draft }: Pick<ActionReviewProps, 'deliverable' | 'draft'>) {
  const used = lengthOf(deliverable.body)
  return (
    <Card withBorder component="section" aria-labelledby="background">
      <Title order={2} size="h3" id="background" mb="sm">
        {draft.plan ? 'Price and reason' : 'Background'}
      </Title>
      <Stack>
        {draft.plan && <PriceFacts plan={draft.plan} />}
        {used && <Text size="sm">Length: {used}</Text>}
        <ReportBody body={deliverable.body} without={KNOWN_ELSEWHERE} />
      </Stack>
    </Card>
  )
}

/** How much of the platform's limit a post takes, as the portal counted it. */
function lengthOf(body: Deliverable['body']): string | undefined {
  if (!body || typeof body['count'] !== 'number') return undefined
  return `${body['count']} of ${String(body['limit'])} ${String(body['unit'])}`
}

function headingOf({ state, execution_id }: Deliverable): string {
  if (state === 'pending_review') return 'Your decision'
  return state === 'approved' && execution_id === null ? 'Approved, not sent yet' : 'What came of it'
}
