const secretName =
  /^(?:x[-_]?)?(?:api[-_]?key|apikey|app[-_]?key|app[-_]?id[-_]?secret|api[-_]?token|access[-_]?token|auth[-_]?token|auth[-_]?key|refresh[-_]?token|private[-_]?token|private[-_]?key|secret[-_]?key|client[-_]?secret|subscription[-_]?key|ocp[-_]?apim[-_]?subscription[-_]?key|token|secret|password|passwd|pwd|authorization|auth|appid|session[-_]?id|credentials?|bearer)$/i;

/** Whether a header, a part of a query or a parameter is named as those are that carry a secret. */
export function isSecretName(name: string): boolean {
  return secretName.test(name.trim());
}
