const days = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];
const months = ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"];
const mostTimes = 6;

/** What a cron expression means, as people say it: `every weekday at 09:00`. Undefined for what would be no easier to read in words. */
export function patternInWords(pattern: string): string | undefined {
  const [minute = "", hour = "", date = "", month = "", weekday = ""] = pattern.split(" ");
  const [time, day, within] = [timeInWords(minute, hour), dayInWords(date, weekday), monthInWords(month)];
  if (time === undefined || day === undefined || within === undefined) return undefined;
  const isOften = time.startsWith("every");
  const when = isOften ? `${time}${day === "every day" ? "" : `, ${day}`}` : `${day} ${time}`;
  return `${when}${within}`;
}

function timeInWords(minute: string, hour: string): string | undefined {
  const [step, from, to] = [/^\*\/(\d+)$/.exec(minute)?.[1], ...(/^(\d+)-(\d+)$/.exec(hour)?.slice(1) ?? [])];
  if (step !== undefined) {
    if (hour === "*") return `every ${step} minutes`;
    return from === undefined || to === undefined ? undefined : `every ${step} minutes from ${clock(from, "0")} to ${clock(to, "59")}`;
  }
  const hourStep = /^\*\/(\d+)$/.exec(hour)?.[1];
  const isOne = /^\d+$/.test(minute);
  if (isOne && hour === "*") return minute === "0" ? "every hour" : `every hour at :${minute.padStart(2, "0")}`;
  if (minute === "0" && hourStep !== undefined) return `every ${hourStep} hours`;
  if (isOne && from !== undefined && to !== undefined) return `every hour from ${clock(from, minute)} to ${clock(to, minute)}`;
  const [minutes, hours] = [numbersIn(minute), numbersIn(hour)];
  if (minutes === undefined || hours === undefined || minutes.length * hours.length > mostTimes) return undefined;
  return `at ${listed(hours.flatMap((each) => minutes.map((one) => clock(each, one))))}`;
}

function dayInWords(date: string, weekday: string): string | undefined {
  const [onDates, onDays] = [datesInWords(date), weekdaysInWords(weekday)];
  if (onDates === undefined || onDays === undefined) return undefined;
  if (onDates !== "" && onDays !== "") return `on ${onDates} and every ${onDays}`;
  if (onDates !== "") return `on ${onDates}`;
  return onDays === "" ? "every day" : `every ${onDays}`;
}

/** Empty for all of them, undefined for what isn't a list of days. */
function datesInWords(date: string): string | undefined {
  if (date === "*") return "";
  if (date === "l") return "the last day of the month";
  const numbers = numbersIn(date);
  return numbers === undefined ? undefined : `the ${listed(numbers.map(ordinal))} of the month`;
}

function weekdaysInWords(weekday: string): string | undefined {
  if (weekday === "*") return "";
  if (/^(1-5|mon-fri)$/.test(weekday)) return "weekday";
  const named = weekday.split(",").map((part) => {
    const [from, to, ...more] = part.split("-").map(dayNamed);
    if (from === undefined || more.length > 0 || (part.includes("-") && to === undefined)) return undefined;
    return to === undefined ? from : `${from} to ${to}`;
  });
  return named.includes(undefined) ? undefined : listed(named.map(String));
}

function dayNamed(written: string): string | undefined {
  return /^[0-7]$/.test(written) ? days[Number(written)] : days.find((day) => day.slice(0, 3).toLowerCase() === written);
}

function monthInWords(month: string): string | undefined {
  if (month === "*") return "";
  const named = month
    .split(",")
    .map((part) => (/^\d+$/.test(part) ? months[Number(part) - 1] : months.find((each) => each.slice(0, 3).toLowerCase() === part)));
  return named.includes(undefined) ? undefined : ` in ${listed(named.map(String))}`;
}

function numbersIn(field: string): string[] | undefined {
  return /^\d+(,\d+)*$/.test(field) ? field.split(",") : undefined;
}

function clock(hour: string, minute: string): string {
  return `${hour.padStart(2, "0")}:${minute.padStart(2, "0")}`;
}

function ordinal(number: string): string {
  const ending = /^1\d$/.test(number) ? "th" : ({ 1: "st", 2: "nd", 3: "rd" }[number.slice(-1)] ?? "th");
  return `${number}${ending}`;
}

function listed(parts: readonly string[]): string {
  return parts.length < 2 ? parts.join("") : `${parts.slice(0, -1).join(", ")} and ${parts.at(-1)}`;
}
