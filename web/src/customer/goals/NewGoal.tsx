/** Setting a new goal: the templates that the agent's type has, and the form of the one that is chosen. */

import { Button, Card, SimpleGrid, Stack, Text, Title } from '@mantine/core'
import { useState } from 'react'

import { visibleWords } from '../../ui/visibleParts'
import type { GoalTemplate, HiredAgent } from '../wire'
import { GoalForm } from './GoalForm'

interface NewGoalProps {
  agent: HiredAgent
  templates: readonly GoalTemplate[]
}

export function NewGoal({ agent, templates }: NewGoalProps) {
  const [chosen, setChosen] = useState<string>()
  const template = templates.find((one) => one.template_id === chosen)
  return (
    <Stack component="section" gap="xs" aria-labelledby="new-goal">
      <Title order={2} size="h3" id="new-goal">
        {template ? `New goal: ${template.display_name}` : 'Set a new goal'}
      </Title>
      {template && (
        <Card withBorder>
          <Text mb="sm">{template.summary}</Text>
          <GoalForm
            key={template.template_id}
            template={template}
            agent={agent}
            onDone={() => setChosen(undefined)}
          />
        </Card>
      )}
      {!template && (
        <SimpleGrid cols={{ base: 1, sm: 2, md: 3 }}>
          {templates.map((one) => (
            <Card key={one.template_id} withBorder>
              <Stack justify="space-between" h="100%" align="flex-start">
                <div>
                  <Title order={3} size="h4">
                    {one.display_name}
                  </Title>
                  <Text size="sm">{one.summary}</Text>
                </div>
                <Button
                  variant="default"
                  disabled={agent.read_only}
                  aria-label={`Choose: ${visibleWords(one.display_name)}`}
                  onClick={() => setChosen(one.template_id)}
                >
                  Choose
                </Button>
              </Stack>
            </Card>
          ))}
        </SimpleGrid>
      )}
    </Stack>
  )
}
