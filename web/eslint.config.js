import a11y from 'eslint-plugin-jsx-a11y'
import hooks from 'eslint-plugin-react-hooks'
import tseslint from 'typescript-eslint'

export default tseslint.config(
  { ignores: ['dist', 'node_modules', 'src/api/*.d.ts'] },
  ...tseslint.configs.strict,
  hooks.configs.flat.recommended,
  a11y.flatConfigs.recommended,
  {
    rules: {
      'max-lines': ['error', { max: 250, skipBlankLines: true }],
      'no-restricted-globals': ['error', 'eval'],
      'no-restricted-syntax': [
        'error',
        {
          selector: 'JSXAttribute[name.name="dangerouslySetInnerHTML"]',
          message: 'What others wrote is shown as text.',
        },
      ],
    },
  },
)
