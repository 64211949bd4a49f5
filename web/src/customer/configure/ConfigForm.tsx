/** The form of one configuration: typed, kept as a draft, put to work; what was typed survives another's change. */

import { Alert, Button, Card, Group, Text } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useNavigate } from '@tanstack/react-router'

import { ProblemError } from '../../api/problem'
import { ProblemNote } from '../../ui/ProblemNote'
import { SchemaForm, type FormObject } from '../../ui/SchemaForm'
import { useFinalize, useKeepDraft } from '../queries/agents'
import type { AgentType, HiredAgent } from '../wire'
import { ConflictNote } from './ConflictNote'
import { useFormCredentials } from './credentials'
import { useUnsaved } from './unsaved'

interface ConfigFormProps {
  subscriptionId: string
  type: AgentType
  agent: HiredAgent | null
}

export function ConfigForm({ subscriptionId, type, agent }: ConfigFormProps) {
  const { unsaved, keep, forget } = useUnsaved(subscriptionId)
  const keepDraft = useKeepDraft()
  const finalize = useFinalize()
  const credentials = useFormCredentials()
  const navigate = useNavigate()
  const config = unsaved?.config ?? agent?.config ?? {}
  const onTopOf = unsaved ? unsaved.onTopOf : agent?.version
  const error = keepDraft.error ?? finalize.error
  const isPending = keepDraft.isPending || finalize.isPending
  const isConflict = error instanceof ProblemError && error.reason === 'version_conflict'

  /** The form says at once which defaults it fills in; that alone is nothing that was typed. */
  function keepTyped(next: FormObject) {
    const isSame = JSON.stringify(next) === JSON.stringify(config)
    if (!isSame) keep({ config: next, onTopOf })
  }

  async function save(next: FormObject, version: number | undefined): Promise<HiredAgent> {
    finalize.reset()
    const kept = await keepDraft.mutateAsync({
      subscription_id: subscriptionId,
      config: next,
      ...(version !== undefined && { version }),
    })
    forget()
    return kept
  }

  async function saveAndStart(next: FormObject) {
    const kept = await save(next, onTopOf)
    if (kept.state !== 'draft') {
      notifications.show({ message: 'Your changes are kept and in force.' })
      return
    }
    await finalize.mutateAsync({ instanceId: kept.hired_instance_id, version: kept.version })
    notifications.show({ message: 'Your agent is ready. Now give it a goal.' })
    await navigate({ to: `/agents/${kept.hired_instance_id}/goals` })
  }

  return (
    <Card withBorder>
      {agent?.read_only && (
        <Alert color="orange" mb="md" title="The subscription has ended, so this can only be read" />
      )}
      <SchemaForm
        schema={type.definition.config_schema}
        value={config}
        onChange={keepTyped}
        onSubmit={(next) => void saveAndStart(next).catch(isShownByMutation)}
        problems={problemsOf(error, unsaved ? undefined : agent)}
        disabled={agent?.read_only ?? false}
        credentials={credentials}
      >
        {isConflict && agent && (
          <ConflictNote
            mine={config}
            stored={agent}
            onKeepMine={() => void save(config, agent.version).catch(isShownByMutation)}
            onTakeStored={() => {
              keepDraft.reset()
              finalize.reset()
              forget()
            }}
          />
        )}
        {error && !isConflict && <ProblemNote error={error} />}
        <Group>
          <Button type="submit" loading={isPending} disabled={agent?.read_only ?? false}>
            {agent && agent.state !== 'draft' ? 'Save' : 'Save and put to work'}
          </Button>
          {(agent === null || agent.state === 'draft') && (
            <Button
              variant="default"
              disabled={isPending || agent?.read_only}
              onClick={() =>
                void save(config, onTopOf)
                  .then(() => notifications.show({ message: 'Kept. You can go on another time.' }))
                  .catch(isShownByMutation)
              }
            >
              Keep for later
            </Button>
          )}
          {unsaved && <Text size="sm">Not saved yet</Text>}
        </Group>
      </SchemaForm>
    </Card>
  )
}

/** The mutation holds the refusal, and the form shows it. */
function isShownByMutation(): void {
  return undefined
}

function problemsOf(error: Error | null, agent: HiredAgent | null | undefined) {
  if (error instanceof ProblemError && error.errors.length > 0) return error.errors
  return agent?.missing ?? []
}
