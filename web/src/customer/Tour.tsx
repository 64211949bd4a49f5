/** Three steps for who comes for the first time; seen or skipped, it does not come back by itself. */

import { Button, Group, Modal, Stack, Text } from '@mantine/core'
import { IconChecklist, IconEye, IconReceipt, type TablerIcon } from '@tabler/icons-react'
import { useState } from 'react'

import { useSession } from '../api/session'

interface Step {
  title: string
  text: string
  icon: TablerIcon
}

const STEPS: readonly Step[] = [
  {
    title: 'What waits for you',
    text: 'My Agents shows what your agents drafted. Nothing is sent until you approve it.',
    icon: IconChecklist,
  },
  {
    title: 'Review exactly that',
    text: 'A draft is shown with every field that would be sent. You approve exactly this, once; if anything changes, your approval does not fit any more.',
    icon: IconEye,
  },
  {
    title: 'Where the receipts are',
    text: 'Executions shows what was sent and what came of it. Activity holds the whole record, which you can verify.',
    icon: IconReceipt,
  },
]

function flagOf(accountId: string): string {
  return `countersign.tour.${accountId}`
}

/** Where the browser keeps nothing, nobody is bothered with a tour on each visit. */
function wasSeen(accountId: string): boolean {
  try {
    return window.localStorage.getItem(flagOf(accountId)) !== null
  } catch {
    return true
  }
}

function rememberSeen(accountId: string): void {
  try {
    window.localStorage.setItem(flagOf(accountId), 'seen')
  } catch {
    return
  }
}

export function Tour() {
  const session = useSession()
  return session ? <FirstTour key={session.account.id} accountId={session.account.id} /> : null
}

function FirstTour({ accountId }: { accountId: string }) {
  const [isOpen, setOpen] = useState(() => !wasSeen(accountId))
  function end() {
    rememberSeen(accountId)
    setOpen(false)
  }
  return <TourSteps opened={isOpen} onEnd={end} />
}

export function TourSteps({ opened, onEnd }: { opened: boolean; onEnd: () => void }) {
  const [at, setAt] = useState(0)
  const step = STEPS[at]
  const isLast = at === STEPS.length - 1

  function end() {
    onEnd()
    setAt(0)
  }

  return (
    <Modal
      opened={opened}
      onClose={end}
      title={step?.title}
      closeButtonProps={{ 'aria-label': 'Skip the tour' }}
      centered
    >
      {step && (
        <Stack>
          <Group wrap="nowrap" align="flex-start">
            <step.icon size={32} aria-hidden />
            <Text flex={1}>{step.text}</Text>
          </Group>
          <Group justify="space-between">
            <Text size="sm">
              {at + 1} of {STEPS.length}
            </Text>
            <Group gap="xs">
              <Button variant="default" onClick={end}>
                {isLast ? 'Close' : 'Skip'}
              </Button>
              {!isLast && (
                <Button data-autofocus onClick={() => setAt(at + 1)}>
                  Next
                </Button>
              )}
              {isLast && (
                <Button data-autofocus onClick={end}>
                  Start
                </Button>
              )}
            </Group>
          </Group>
        </Stack>
      )}
    </Modal>
  )
}
