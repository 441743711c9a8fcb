package dev.assay.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class SecretsTest {
  @Test
  void hidesPasswordsInAddresses() {
    assertEquals("open s3a://me:***@bucket/a", Secrets.hidden("open s3a://me:pass@bucket/a"));
    String without = "abfss://container@account.dfs.core.windows.net/a:b@c hdfs://head:8020/x@y";
    assertEquals(without, Secrets.hidden(without));
  }

  @Test
  void hidesTheValuesOfSettingsThatAreSecret() {
    assertEquals("fs.s3a.secret.key=*** x", Secrets.hidden("fs.s3a.secret.key=abc/+= x"));
    assertEquals("{\"password\": ***\", n: 1}", Secrets.hidden("{\"password\": \"abc\", n: 1}"));
    assertEquals("?X-Amz-Signature=***&y=1", Secrets.hidden("?X-Amz-Signature=0a1b&y=1"));
  }

  @Test
  void leavesOtherTextUnchanged() {
    String text = "Cannot read tokenizer.json: unexpected token at line 3: {";
    assertEquals(text, Secrets.hidden(text));
  }
}
