/** The review queue: everything that waits, newest first; posts can be approved several at once. */

import { Alert, Anchor, Button, Checkbox, Group, Text } from '@mantine/core'
import { IconChecks } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { memo, useCallback, useState } from 'react'

import { Empty, Loaded, Page } from '../../ui/Page'
import { useList, VirtualList } from '../../ui/Pager'
import { visibleWords } from '../../ui/visibleParts'
import { useAgentNames, useChosenAgent } from '../names'
import { myAgentsQuery } from '../queries/agents'
import { fetchDeliverables } from '../queries/deliverables'
import { BatchApproval } from '../review/BatchApproval'
import { DraftRow } from '../review/DraftRow'
import { titleOf } from '../review/draftWords'
import { NotSentYet } from '../review/NotSentYet'
import type { Deliverable } from '../wire'

const PAGE = 200
const DRAWN_AT_ONCE = 30
const MOST_TOGETHER = 50

export function ReviewQueue() {
  const chosen = useChosenAgent()
  const agents = useQuery(myAgentsQuery())
  const instanceId = agents.data?.items.find(({ subscription }) => subscription.subscription_id === chosen)
    ?.agent?.hired_instance_id
  return (
    <Page title="Review" about="What your agents drafted. Nothing is sent until you approve it.">
      {instanceId && <OnlyOne instanceId={instanceId} />}
      <Queue key={instanceId ?? 'all'} instanceId={instanceId} />
      <NotSentYet instanceId={instanceId} />
    </Page>
  )
}

function OnlyOne({ instanceId }: { instanceId: string }) {
  const names = useAgentNames()
  return (
    <Alert color="blue" title={`Only drafts of ${names.ofInstance(instanceId) ?? 'one agent'} are listed`}>
      <Anchor component={Link} to="/review" search={{ agent: undefined } as never} underline="always">
        Show those of all agents
      </Anchor>
    </Alert>
  )
}

function Queue({ instanceId }: { instanceId: string | undefined }) {
  const { items, query, more } = useList<Deliverable>(
    ['deliverables', 'queue', instanceId ?? 'all'],
    (cursor) => fetchDeliverables({ state: 'pending_review', instanceId, limit: PAGE }, cursor),
  )
  const [picked, setPicked] = useState<ReadonlySet<string>>(new Set())
  const [deciding, setDeciding] = useState<readonly Deliverable[]>([])
  const posts = items.filter((item) => item.kind === 'post' && item.draft)
  const chosen = posts.filter((post) => picked.has(post.deliverable_id)).slice(0, MOST_TOGETHER)
  const pick = (ids: readonly string[]) => setPicked(new Set(ids.slice(0, MOST_TOGETHER)))
  const pickOne = useCallback((id: string, isPicked: boolean) => {
    setPicked((before) => new Set(isPicked ? [...before, id] : [...before].filter((one) => one !== id)))
  }, [])
  return (
    <>
      <BatchApproval
        posts={deciding}
        onEnd={(isDecided) => {
          setDeciding([])
          if (isDecided) pick([])
        }}
      />
      <Loaded of={query} empty={{ when: (all) => all.length === 0, show: <NothingWaits /> }}>
        {() => (
          <>
            {posts.length > 0 && (
              <Group justify="space-between">
                <Text>
                  {chosen.length} of {posts.length} posts selected
                  {chosen.length === MOST_TOGETHER && ` (at most ${MOST_TOGETHER} together)`}
                </Text>
                <Group gap="xs">
                  <Button variant="default" onClick={() => pick(posts.map((post) => post.deliverable_id))}>
                    Select posts
                  </Button>
                  <Button variant="default" disabled={chosen.length === 0} onClick={() => pick([])}>
                    Select none
                  </Button>
                  <Button
                    leftSection={<IconChecks size={16} aria-hidden />}
                    disabled={chosen.length === 0}
                    aria-haspopup="dialog"
                    onClick={() => setDeciding(chosen)}
                  >
                    Approve selected
                  </Button>
                </Group>
              </Group>
            )}
            <Drafts items={items} picked={picked} onPick={pickOne} />
            {more}
          </>
        )}
      </Loaded>
    </>
  )
}

interface DraftsProps {
  items: readonly Deliverable[]
  picked: ReadonlySet<string>
  onPick: (deliverableId: string, isPicked: boolean) => void
}

function Drafts({ items, picked, onPick }: DraftsProps) {
  const names = useAgentNames()
  const row = (item: Deliverable) => (
    <PickableDraft
      key={item.deliverable_id}
      deliverable={item}
      agentName={names.ofInstance(item.hired_instance_id)}
      isPicked={picked.has(item.deliverable_id)}
      onPick={onPick}
    />
  )
  if (items.length <= DRAWN_AT_ONCE) return <div>{items.map(row)}</div>
  return (
    <VirtualList items={items} label="Drafts to review" keyOf={(item) => item.deliverable_id} estimate={110}>
      {row}
    </VirtualList>
  )
}

interface PickableDraftProps {
  deliverable: Deliverable
  agentName: string | undefined
  isPicked: boolean
  onPick: DraftsProps['onPick']
}

/** Drawn again only when it changes, so that a long list scrolls lightly. */
const PickableDraft = memo(function PickableDraft({
  deliverable,
  agentName,
  isPicked,
  onPick,
}: PickableDraftProps) {
  const canBePicked = deliverable.kind === 'post' && deliverable.draft !== null
  return (
    <DraftRow
      deliverable={deliverable}
      agentName={agentName}
      before={
        canBePicked && (
          <Checkbox
            aria-label={`Select: ${visibleWords(titleOf(deliverable))}`}
            checked={isPicked}
            onChange={(event) => onPick(deliverable.deliverable_id, event.currentTarget.checked)}
          />
        )
      }
    />
  )
})

function NothingWaits() {
  return (
    <Empty title="Nothing waits for you">
      <Text>When an agent drafts something, it is here.</Text>
      <Anchor component={Link} to="/" underline="always">
        To your agents and their goals
      </Anchor>
    </Empty>
  )
}
