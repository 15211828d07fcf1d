package io.llmproxy.bench.e2e;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.CodeElement;
import java.lang.classfile.Opcode;
import java.lang.classfile.instruction.InvokeDynamicInstruction;
import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDesc;
import java.lang.constant.DirectMethodHandleDesc;
import java.lang.constant.DynamicCallSiteDesc;
import java.lang.constant.MethodHandleDesc;
import java.lang.constant.MethodTypeDesc;
import java.lang.instrument.ClassFileTransformer;
import java.lang.instrument.Instrumentation;
import java.security.ProtectionDomain;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Has all classes of a process but the JDK's ask [FalseClock] for the time of the wall clock.
public final class ClockAgent implements ClassFileTransformer {

  private static final ClassDesc FALSE_CLOCK = ClassDesc.of(FalseClock.class.getName());

  /// Methods of the JDK without arguments, and those that stand in for them.
  private static final Map<String, String> STAND_INS =
      Map.of(
          "java/lang/System.currentTimeMillis()J", "millis",
          "java/time/Instant.now()Ljava/time/Instant;", "instant",
          "java/time/Clock.systemUTC()Ljava/time/Clock;", "clock",
          "java/time/Clock.systemDefaultZone()Ljava/time/Clock;", "clock");

  private ClockAgent() {}

  /// Called by the JVM before the program begins.
  public static void premain(@Nullable String arguments, Instrumentation instrumentation) {
    instrumentation.addTransformer(new ClockAgent());
  }

  @Override
  public byte @Nullable [] transform(
      @Nullable ClassLoader loader,
      @Nullable String name,
      @Nullable Class<?> before,
      @Nullable ProtectionDomain domain,
      byte[] bytes) {
    if (loader == null || name == null || name.equals(internal(FALSE_CLOCK))) {
      return null;
    }
    String text = new String(bytes, ISO_8859_1);
    if (Stream.of("currentTimeMillis", "java/time/Instant", "java/time/Clock")
        .noneMatch(text::contains)) {
      return null;
    }
    ClassFile file = ClassFile.of();
    return file.transformClass(
        file.parse(bytes), ClassTransform.transformingMethodBodies(ClockAgent::replace));
  }

  private static void replace(CodeBuilder code, CodeElement element) {
    switch (element) {
      case InvokeInstruction call
          when call.opcode() == Opcode.INVOKESTATIC && standIn(call) != null ->
          code.invokestatic(FALSE_CLOCK, standIn(call), call.typeSymbol());
      case InvokeDynamicInstruction site -> code.invokedynamic(replaced(site));
      default -> code.with(element);
    }
  }

  private static @Nullable String standIn(InvokeInstruction call) {
    return STAND_INS.get(
        call.owner().asInternalName()
            + "."
            + call.name().stringValue()
            + call.type().stringValue());
  }

  /// References to methods are among the arguments of the bootstrap.
  private static DynamicCallSiteDesc replaced(InvokeDynamicInstruction site) {
    ConstantDesc[] arguments =
        site.bootstrapArgs().stream().map(ClockAgent::replaced).toArray(ConstantDesc[]::new);
    return DynamicCallSiteDesc.of(
        site.bootstrapMethod(), site.name().stringValue(), site.typeSymbol(), arguments);
  }

  private static ConstantDesc replaced(ConstantDesc argument) {
    if (!(argument instanceof DirectMethodHandleDesc method)) {
      return argument;
    }
    String called =
        internal(method.owner()) + "." + method.methodName() + method.lookupDescriptor();
    String standIn = STAND_INS.get(called);
    return standIn == null
        ? argument
        : MethodHandleDesc.ofMethod(
            DirectMethodHandleDesc.Kind.STATIC,
            FALSE_CLOCK,
            standIn,
            MethodTypeDesc.ofDescriptor(method.lookupDescriptor()));
  }

  private static String internal(ClassDesc type) {
    String descriptor = type.descriptorString();
    return descriptor.startsWith("L")
        ? descriptor.substring(1, descriptor.length() - 1)
        : descriptor;
  }
}
