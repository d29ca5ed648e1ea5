/** Shells that opgen has a completion script for. */
export const shells = ['bash', 'zsh', 'fish', 'powershell'] as const;
export type Shell = (typeof shells)[number];

/** Each script asks the `opgen` that is typed for what fits, with `opgen __complete`. */
export const completionScripts: Readonly<Record<Shell, string>> = {
  bash: `# Completion of opgen for bash 3.2 and later.
_opgen() {
  local kind= line
  COMPREPLY=()
  while IFS= read -r line; do
    if [ -z "$kind" ]; then kind=$line; else COMPREPLY+=("$line"); fi
  done < <("\${COMP_WORDS[0]/#\\~/$HOME}" __complete bash "\${COMP_LINE:0:COMP_POINT}" "$COMP_WORDBREAKS" 2>/dev/null)
  case $kind in
    files) compopt -o default 2>/dev/null || COMPREPLY=($(compgen -f -- "\${COMP_WORDS[COMP_CWORD]}")) ;;
    folders) compopt -o dirnames 2>/dev/null || COMPREPLY=($(compgen -d -- "\${COMP_WORDS[COMP_CWORD]}")) ;;
  esac
}
complete -F _opgen opgen
`,
  zsh: `#compdef opgen
# Completion of opgen for zsh.
_opgen() {
  local kind value summary
  local -a found
  while IFS=$'\\t' read -r value summary; do
    if [[ -z $kind ]]; then kind=$value; else found+=("\${value//:/\\\\:}:$summary"); fi
  done < <("\${(Q)words[1]/#\\~/$HOME}" __complete zsh "\${(@Q)words[2,CURRENT-1]}" "\${(Q)PREFIX}" 2>/dev/null)
  case $kind in
    files) compset -P '--*='; _files ;;
    folders) compset -P '--*='; _files -/ ;;
    *) _describe opgen found ;;
  esac
}
if [[ $funcstack[1] == _opgen ]]; then _opgen "$@"; else compdef _opgen opgen; fi
`,
  fish: `# Completion of opgen for fish.
function __opgen_complete
    set -l words (commandline -opc)
    set -l current (commandline -ct)
    set -l plain (string unescape -- $current 2>/dev/null)
    test (count $plain) -eq 1; or set plain "$current"
    set -l opgen $words[1]
    set -e words[1]
    $opgen __complete fish $words "$plain" 2>/dev/null
end
complete -c opgen -f -a '(__opgen_complete)'
`,
  powershell: `# Completion of opgen for PowerShell 5.1 and later.
Register-ArgumentCompleter -Native -CommandName opgen -ScriptBlock {
    param($wordToComplete, $commandAst, $cursorPosition)
    $elements = @($commandAst.CommandElements | Where-Object { $_.Extent.StartOffset -lt $cursorPosition })
    $words = @($elements | Select-Object -Skip 1 | ForEach-Object {
        if ($_ -is [System.Management.Automation.Language.StringConstantExpressionAst]) { "=$($_.Value)" } else { "=$($_.Extent.Text)" }
    })
    if ($wordToComplete -eq '') { $words += '=' }
    & $elements[0].Extent.Text __complete powershell @words 2>$null | ForEach-Object {
        $value, $summary = $_ -split "\`t", 2
        if (-not $summary) { $summary = $value }
        $text = if ($value -match '[\\s''"\`$(){};,|&@]') { "'" + $value.Replace("'", "''") + "'" } else { $value }
        [System.Management.Automation.CompletionResult]::new($text, $value, 'ParameterValue', $summary)
    }
}
`,
};
