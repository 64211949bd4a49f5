/** Saving a draft of a definition, and publishing it. */

import { Button, Group, Text } from '@mantine/core'

import { ConfirmButton } from '../ui/ConfirmButton'
import { usePublish, useSaveDraft, type VersionState } from './authoring'
import type { Facts } from './Facts'
import { Refusal } from './Refusal'

const SAVED: Record<VersionState, string> = {
  draft: 'This text is saved as the draft.',
  published: 'This is what is published.',
  retired: 'This was published once.',
}

interface DefinitionActsProps {
  id: string
  definition: Facts | undefined
  /** As what this very text is stored, if it is. */
  saved: VersionState | undefined
  isValid: boolean
}

export function DefinitionActs({ id, definition, saved, isValid }: DefinitionActsProps) {
  const saving = useSaveDraft(id)
  const publishing = usePublish(id)
  return (
    <>
      <Group>
        <Button
          variant="default"
          loading={saving.isPending}
          disabled={definition === undefined || saved !== undefined}
          onClick={() => definition && saving.mutate(definition)}
        >
          Save as draft
        </Button>
        <ConfirmButton
          label="Publish the draft"
          question="Publish this draft?"
          explain="It becomes the next version and never changes again. Customers who hire from now on get it; agents already hired keep theirs until their customers upgrade."
          variant="filled"
          disabled={saved !== 'draft' || !isValid}
          loading={publishing.isPending}
          onConfirm={() => publishing.mutate(undefined)}
        />
        <Text size="sm">{saved ? SAVED[saved] : 'This text is not saved.'}</Text>
      </Group>
      <Refusal error={saving.error ?? publishing.error} />
    </>
  )
}
