/** Which of GitHub's alerts (`> [!NOTE]`) stands for which of ADF's panels. */

const PANELS: Readonly<Record<string, string>> = {
  "[!NOTE]": "info",
  "[!IMPORTANT]": "note",
  "[!TIP]": "success",
  "[!WARNING]": "warning",
  "[!CAUTION]": "error",
};

/** The panel type of a line that is an alert's sign and nothing else. */
export function panelTypeOf(line: string): string | undefined {
  const sign = line.trim().toUpperCase();
  return Object.hasOwn(PANELS, sign) ? PANELS[sign] : undefined;
}

/** The alert's sign of a panel type; one that GitHub does not have reads as a note. */
export function alertOf(panelType: string | undefined): string {
  const found = Object.entries(PANELS).find(([, panel]) => panel === panelType);
  return found?.[0] ?? (panelType === "tip" ? "[!TIP]" : "[!NOTE]");
}
