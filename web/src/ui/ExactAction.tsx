/** Everything that an approval of this action would bind, and the proof that it is what the portal would sign. */

import { Alert, Code, Group, Paper, Stack, Text } from '@mantine/core'
import { IconAlertTriangle, IconCheck } from '@tabler/icons-react'
import { useEffect, useEffectEvent, useId } from 'react'

import { fieldsOf, labelOf, meaningOf, sentenceOf, type Field } from './actionWords'
import { CopyText } from './CopyText'
import { useShownHash, type Action } from './exactAction'
import { Moment } from './Moment'
import { VisibleText } from './VisibleText'
import type { HiddenPart } from './visibleParts'

interface ExactActionProps {
  action: Action
  actionHash: string
  hidden?: readonly HiddenPart[]
  /** Called with the hash of what is on the page while it is the one that would be signed, and with none before
   * and after. */
  onShown?: (hash: string | undefined) => void
}

export function ExactAction({ action, actionHash, hidden, onShown }: ExactActionProps) {
  const { hash, failure } = useShownHash(action)
  const isExact = hash === actionHash
  const proved = isExact ? hash : undefined
  const title = useId()
  const tellShown = useEffectEvent((one: string | undefined) => onShown?.(one))

  useEffect(() => {
    tellShown(proved)
  }, [proved])

  return (
    <Stack>
      <ActionInWords action={action} hidden={hidden} />
      <div>
        <Text fw={600} mb="xs" id={title}>
          Everything that is signed
        </Text>
        <dl className="fields" aria-labelledby={title}>
          {fieldsOf(action).map((field) => (
            <FieldRow key={field.path} field={field} hidden={hidden} />
          ))}
        </dl>
      </div>
      {failure !== undefined && (
        <Alert
          color="red"
          role="alert"
          icon={<IconAlertTriangle />}
          title="This browser cannot check what is signed"
        >
          {failure}
        </Alert>
      )}
      {hash !== undefined && !isExact && <NotExact shown={hash} signed={actionHash} />}
      {hash !== undefined && isExact && (
        <Group gap="xs">
          <IconCheck size={18} aria-hidden />
          <Text size="sm">What you see is what is signed:</Text>
          <CopyText text={hash} short />
        </Group>
      )}
    </Stack>
  )
}

function ActionInWords({ action, hidden }: { action: Action; hidden: readonly HiddenPart[] | undefined }) {
  const post = 'text' in action.params ? action.params : undefined
  return (
    <Paper withBorder p="md">
      <Text fw={600} size="lg" className="anywhere">
        <VisibleText text={sentenceOf(action)} />
      </Text>
      {post && (
        <>
          <Paper withBorder p="sm" my="sm">
            <VisibleText text={post.text} hidden={hidden} />
          </Paper>
          <Text size="sm">
            {post.scheduled_for ? (
              <>
                Not before <Moment at={post.scheduled_for} />.
              </>
            ) : (
              'As soon as it is executed.'
            )}
          </Text>
          {post.image_url && (
            <Text size="sm" className="anywhere">
              With the picture at <VisibleText text={post.image_url} />
            </Text>
          )}
        </>
      )}
    </Paper>
  )
}

function FieldRow({ field, hidden }: { field: Field; hidden: readonly HiddenPart[] | undefined }) {
  const label = labelOf(field.path)
  const meaning = meaningOf(field)
  return (
    <div>
      <dt>
        {label && <span>{label} </span>}
        <Code>{field.path}</Code>
      </dt>
      <dd>
        {typeof field.value === 'string' ? (
          <VisibleText text={field.value} hidden={field.path === 'params.text' ? hidden : undefined} />
        ) : (
          String(field.value)
        )}
        {meaning && (
          <Text span c="dimmed" size="sm">
            {' '}
            · {meaning}
          </Text>
        )}
      </dd>
    </div>
  )
}

function NotExact({ shown, signed }: { shown: string; signed: string }) {
  return (
    <Alert
      color="red"
      role="alert"
      icon={<IconAlertTriangle />}
      title="What you see is not what would be signed"
    >
      <Text size="sm">
        Nothing can be approved here. Load the page again; if it repeats, tell the operators.
      </Text>
      <Text size="sm">
        On this page: <CopyText text={shown} short />
      </Text>
      <Text size="sm">
        At the portal: <CopyText text={signed} short />
      </Text>
    </Alert>
  )
}
