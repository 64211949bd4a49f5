/** Several posts approved with one press: each shown in full, each with an approval of its own, each with its result. */

import { Alert, Anchor, Button, Card, Group, List, Modal, Stack, Text, Title } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'

import { ExactAction } from '../../ui/ExactAction'
import { Moment } from '../../ui/Moment'
import { ProblemNote } from '../../ui/ProblemNote'
import { VisibleText } from '../../ui/VisibleText'
import { hiddenOf } from '../../ui/visibleParts'
import { useApproveTogether } from '../queries/deliverables'
import type { BatchItem, Deliverable } from '../wire'
import { publishesAt, titleOf } from './draftWords'

interface BatchApprovalProps {
  /** The posts as they were when the dialog was asked for; none, and it is closed. */
  posts: readonly Deliverable[]
  onEnd: (isDecided: boolean) => void
}

export function BatchApproval({ posts, onEnd }: BatchApprovalProps) {
  const approve = useApproveTogether()

  /** Not while it is under way: what became of each post is told first. */
  function end(isDecided: boolean) {
    if (approve.isPending) return
    approve.reset()
    onEnd(isDecided)
  }

  return (
    <Modal
      opened={posts.length > 0}
      onClose={() => end(approve.isSuccess || approve.isError)}
      size="xl"
      transitionProps={{ duration: 0 }}
      title={posts.length === 1 ? 'Approve this post?' : `Approve these ${posts.length} posts?`}
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      <BatchDialog posts={posts} onEnd={end} approve={approve} />
    </Modal>
  )
}

interface BatchDialogProps extends BatchApprovalProps {
  approve: ReturnType<typeof useApproveTogether>
}

function BatchDialog({ posts, onEnd, approve }: BatchDialogProps) {
  const [shown, setShown] = useState<Readonly<Record<string, string | undefined>>>({})
  const items = posts.flatMap(({ deliverable_id }) => {
    const hash = shown[deliverable_id]
    return hash === undefined ? [] : [{ deliverable_id, action_hash: hash }]
  })
  if (approve.data)
    return <BatchResults posts={posts} results={approve.data.items} onEnd={() => onEnd(true)} />
  return (
    <Stack>
      {posts.map((post) => (
        <Card key={post.deliverable_id} withBorder component="section">
          <Title order={3} size="h5" mb="xs">
            <VisibleText text={titleOf(post)} />
          </Title>
          {post.draft && (
            <ExactAction
              action={post.draft.action}
              actionHash={post.draft.action_hash}
              hidden={hiddenOf(post.body)}
              onShown={(hash) => setShown((before) => ({ ...before, [post.deliverable_id]: hash }))}
            />
          )}
        </Card>
      ))}
      {approve.error && <ProblemNote error={approve.error} />}
      {approve.error && (
        <Text>Close this and look at the list: what was approved is not in it any more.</Text>
      )}
      <Group justify="flex-end">
        <Button variant="default" disabled={approve.isPending} onClick={() => onEnd(approve.isError)}>
          {approve.isError ? 'Close' : 'Back'}
        </Button>
        <Button
          disabled={items.length !== posts.length || items.length === 0 || approve.isError}
          loading={approve.isPending}
          onClick={() => approve.mutate(items)}
        >
          {posts.length === 1 ? 'Approve it' : `Approve all ${posts.length}`}
        </Button>
      </Group>
    </Stack>
  )
}

interface BatchResultsProps {
  posts: readonly Deliverable[]
  results: readonly BatchItem[]
  onEnd: () => void
}

function BatchResults({ posts, results, onEnd }: BatchResultsProps) {
  const refused = results.filter((result) => result.refusal)
  return (
    <Stack>
      <Alert
        color={refused.length > 0 ? 'orange' : 'teal'}
        role="status"
        title={`${results.length - refused.length} of ${results.length} approved`}
      >
        <List>
          {results.map((result) => (
            <List.Item key={result.deliverable_id}>
              <Result
                result={result}
                post={posts.find(({ deliverable_id }) => deliverable_id === result.deliverable_id)}
              />
            </List.Item>
          ))}
        </List>
      </Alert>
      <Group justify="flex-end">
        <Button onClick={onEnd}>Done</Button>
      </Group>
    </Stack>
  )
}

function Result({ result, post }: { result: BatchItem; post: Deliverable | undefined }) {
  const { deliverable_id: id, refusal } = result
  return (
    <>
      <Anchor component={Link} to={`/deliverables/${id}`} underline="always">
        <VisibleText text={post ? titleOf(post) : id} />
      </Anchor>
      {refusal ? (
        `: not approved. ${refusal.detail} (${refusal.reason})`
      ) : (
        <>
          : approved, <WhenItGoesOut post={post} />
        </>
      )}
    </>
  )
}

function WhenItGoesOut({ post }: { post: Deliverable | undefined }) {
  const at = post && publishesAt(post)
  if (at === undefined) return 'to be published on its page'
  return (
    <>
      goes out <Moment at={at} />
    </>
  )
}
